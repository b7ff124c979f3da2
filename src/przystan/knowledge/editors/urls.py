"""The editors' room, to be included under /editors/."""

from wagtail.admin import urls as wagtail_urls
from wagtail.utils.urlpatterns import decorate_urlpatterns

from przystan.knowledge.editors.access import admitted

urlpatterns = decorate_urlpatterns(list(wagtail_urls.urlpatterns), admitted)
