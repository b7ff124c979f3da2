from przystan.directory.models.organisation import Contact, Organisation

__all__ = ["Contact", "Organisation"]
