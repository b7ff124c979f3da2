# Sourced by ./up and ./check: a virtual environment in the checkout, and Debian's packages for tests.

say() { printf '\n%s\n' "$*"; }

find_python() {
  local candidate
  for candidate in python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))'; then
      command -v "$candidate"
      return
    fi
  done
  echo "Przystań needs Python 3.11 or newer (Debian: apt-get install python3)." >&2
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"; else return 1; fi
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# $1: runtime or dev. Installs again only when the lock file has changed.
ensure_environment() {
  local wanted="$1" python stamp
  python=$(find_python)
  if [ ! -x .venv/bin/python ]; then
    say "Making .venv with $("$python" --version)"
    if ! "$python" -m venv .venv 2>/dev/null; then
      rm -rf .venv
      # Debian keeps venv's pip in a package of its own.
      apt_install python3-venv || {
        echo "Install the package python3-venv and run this again." >&2
        return 1
      }
      "$python" -m venv .venv
    fi
  fi
  stamp=$(cat requirements/build.lock "requirements/$wanted.lock" pyproject.toml | sha256sum | cut -d' ' -f1)
  if [ "$(cat ".venv/.$wanted" 2>/dev/null || true)" != "$stamp" ]; then
    say "Installing ($wanted); the first time this takes a minute or two"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
      -r requirements/build.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
      -r "requirements/$wanted.lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
      --no-build-isolation --editable .
    echo "$stamp" >".venv/.$wanted"
  fi
}

# What the browser tests and the second database need; silent when it is all there.
ensure_system_packages() {
  local missing=()
  command -v chromium >/dev/null || missing+=(chromium)
  command -v xgettext >/dev/null || missing+=(gettext)
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
  [ -d /usr/share/fonts/truetype/noto ] || missing+=(fonts-noto-core)
  [ ${#missing[@]} = 0 ] && return
  say "Installing ${missing[*]}"
  apt_install "${missing[@]}" || {
    echo "The tests need these Debian packages: ${missing[*]}. Install them and run this again." >&2
    return 1
  }
}
