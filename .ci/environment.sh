# Makes .venv from uv.lock; sourced by ./skillnet, ./test and .ci/run. POSIX sh, no output but errors and progress,
# all of it on stderr: what a command prints with --json must stay JSON.
#
# Needs git's checkout, a Python 3.11 or newer with its venv module, and on the first run a network. The system's Python
# is only read. Later runs compare one file and touch neither network nor disk.

UV_VERSION=0.13.9  # pinned: another uv may read the lock file differently

PATH=$PATH:/usr/sbin:/sbin  # Debian keeps there what tests start a server with as another user

fail() {
    printf 'skillnet: %s\n' "$1" >&2
    [ -z "${2:-}" ] || printf '  hint: %s\n' "$2" >&2
    exit 1
}

# The first Python that is new enough: $PYTHON, the machine's own, or a versioned one beside it.
find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    [ -z "${PYTHON:-}" ] || fail "PYTHON names '$PYTHON', which is not a Python 3.11 or newer."
    fail "no Python 3.11 or newer was found." "On Debian 12: apt install python3 python3-venv. Or name one: PYTHON=/path/to/python3"
}

# A virtual environment with a pip of its own, made anew where an old one no longer starts.
make_venv() {
    "$root/.venv/bin/python" -c '' 2>/dev/null && return
    python=$(find_python) || exit 1
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python has no venv module." "On Debian and Ubuntu: apt install python3-venv"
    "$python" -m venv --clear "$root/.venv" >&2 || fail "the virtual environment could not be made in $root/.venv."
}

install_uv() {
    "$root/.venv/bin/uv" --version 2>/dev/null | grep -qF "uv $UV_VERSION " && return
    "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1 ||
        "$root/.venv/bin/python" -m ensurepip >/dev/null 2>&1 || fail "pip could not be put into $root/.venv."
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION" >&2 ||
        fail "the installer could not be fetched from the package index." "The first run needs a network; later ones do not."
}

# What the environment was made from: the lock, the place (an editable install knows its path) and the uses it serves.
wanted_stamp() {
    printf '%s\n%s\n' "$root" "$(cksum <"$root/uv.lock") $(cksum <"$root/pyproject.toml")"
}

# prepare [dev]: brings .venv to what uv.lock says. With dev, what the tests need comes too, and stays from then on.
prepare() {
    stamp="$root/.venv/.made-from"
    uses=${1:-run}
    if [ -f "$stamp" ]; then
        { read -r uses_made && made=$(cat); } <"$stamp"
        [ "$uses_made" = dev ] && uses=dev
        [ "$uses_made" = "$uses" ] && [ "$made" = "$(wanted_stamp)" ] && return
    elif [ -x "$root/.venv/bin/pytest" ]; then
        uses=dev
    fi
    [ -f "$root/uv.lock" ] || fail "$root/uv.lock is missing." "Use a whole clone of the repository."
    printf 'skillnet: setting up %s/.venv from uv.lock (the first time takes a minute or two) ...\n' "$root" >&2
    make_venv
    install_uv
    synchronise "$uses"
    { printf '%s\n' "$uses" && wanted_stamp; } >"$stamp.new" && mv "$stamp.new" "$stamp"
}

# Whether a C extension can be built. The one that is wanted, cbrrr, has a slower twin in Python for where it cannot.
compiles() {
    "$root/.venv/bin/python" -c 'import subprocess, sys, sysconfig
compiler, headers = sysconfig.get_config_var("CC").split()[0], sysconfig.get_path("include")
command = [compiler, "-I", headers, "-x", "c", "-c", "-o", "/dev/null", "-"]
sys.exit(subprocess.run(command, input=b"#include <Python.h>").returncode)' >/dev/null 2>&1
}

synchronise() {
    [ "$1" = dev ] && groups=--dev || groups=--no-dev
    if compiles; then
        [ "$1" != dev ] || groups="$groups --group oracle"
    else
        groups="$groups --no-extra compiled"
        printf 'skillnet: no C compiler with the headers of Python and C here; a slower codec in Python is used.\n' >&2
        printf '  hint: On Debian: apt install gcc libc6-dev python3-dev; then remove .venv and start again.\n' >&2
    fi
    [ -t 2 ] && quiet= || quiet=--quiet  # progress bars are for people
    # A company's own certificates are the system's; uv would otherwise trust only those that it carries.
    [ -f /etc/ssl/certs/ca-certificates.crt ] && export UV_SYSTEM_CERTS=1
    UV_PROJECT_ENVIRONMENT="$root/.venv" UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV='' \
        "$root/.venv/bin/uv" sync $quiet --project "$root" --python "$root/.venv/bin/python" \
        --locked --all-extras $groups --compile-bytecode --reinstall-package skillnet-node >&2 ||
        fail "the dependencies in uv.lock could not be installed." "See the lines above; the first run needs a network."
    # Compiled here once, also where the user's settings keep Python from doing it: a start is twice as quick.
    "$root/.venv/bin/python" -m compileall -q "$root/node" "$root/federation" "$root/curation" "$root/schemas" >&2 || true
}
