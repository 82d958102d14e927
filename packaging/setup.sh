#!/bin/sh
# From a fresh clone to a running program, and the same for its tests. The Makefile calls this; it needs no make.
#   sh packaging/setup.sh run|test|lint|bench|venv
# It finds Python, makes .venv, installs the project there (again only after pyproject.toml changed), and sees to the
# system packages that Qt loads: installed when root on Debian or Ubuntu, otherwise named with the command.
set -eu
cd "$(dirname "$0")/.."

say() { echo "$*" >&2; }
stop() { say "$*"; exit 2; }

# --- System packages -------------------------------------------------------------------------------------------------
# Each library beside the Debian package that brings it. libglib2.0-0 is a virtual name from Ubuntu 24.04 on, which apt
# resolves, and asking for the library rather than the package is right on every distribution.
LIBRARIES="
libGL.so.1:libgl1 libEGL.so.1:libegl1 libfontconfig.so.1:libfontconfig1 libdbus-1.so.3:libdbus-1-3
libglib-2.0.so.0:libglib2.0-0 libxkbcommon.so.0:libxkbcommon0 libxkbcommon-x11.so.0:libxkbcommon-x11-0
libX11-xcb.so.1:libx11-xcb1 libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4
libxcb-image.so.0:libxcb-image0 libxcb-keysyms.so.1:libxcb-keysyms1 libxcb-randr.so.0:libxcb-randr0
libxcb-render-util.so.0:libxcb-render-util0 libxcb-shape.so.0:libxcb-shape0 libxcb-shm.so.0:libxcb-shm0
libxcb-sync.so.1:libxcb-sync1 libxcb-xfixes.so.0:libxcb-xfixes0 libxcb-xkb.so.1:libxcb-xkb1
libwayland-cursor.so.0:libwayland-cursor0 libwayland-egl.so.1:libwayland-egl1"
TEST_TOOLS="Xvfb:xvfb xdotool:xdotool"

has() { command -v "$1" >/dev/null 2>&1; }

missing_packages() { # $1: run or test
    known=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null) || return 0
    for pair in $LIBRARIES; do
        case $known in *"${pair%%:*}"*) ;; *) echo "${pair#*:}" ;; esac
    done
    if [ "$1" = test ]; then
        for pair in $TEST_TOOLS; do has "${pair%%:*}" || echo "${pair#*:}"; done
    fi
}

# The Korean interface needs a font with Hangul; without one the rest works all the same.
has_korean_font() { has fc-list && [ -n "$(fc-list :lang=ko family)" ]; }

can_install() { [ "$(id -u)" = 0 ] && has apt-get; }

install_packages() {
    say "Installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } </dev/null >/dev/null ||
        stop "apt-get could not install them; see its last lines above, then run this again."
}

see_to_packages() { # $1: run or test
    [ "$(uname)" = Linux ] || return 0
    wanted=$(missing_packages "$1" | tr '\n' ' ')
    fonts=
    has_korean_font || fonts="fontconfig fonts-noto-cjk"
    [ -n "$wanted$fonts" ] || return 0
    if can_install; then
        # shellcheck disable=SC2086 # lists of names: the words are meant to fall apart
        install_packages $wanted $fonts
    elif [ -n "$wanted" ]; then
        stop "Missing system packages; on Debian or Ubuntu: sudo apt-get install --no-install-recommends $wanted$fonts"
    else
        say "No Korean font found; on Debian or Ubuntu: sudo apt-get install $fonts"
    fi
}

# --- Python and the virtual environment ------------------------------------------------------------------------------
suits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if suits "$candidate"; then echo "$candidate"; return; fi
    done
}

make_environment() {
    python=$(find_python)
    if [ -z "$python" ] && can_install && ! has python3; then
        install_packages python3-venv
        python=$(find_python)
    fi
    [ -n "$python" ] || stop "Backprop Playground needs Python 3.11 to 3.14; found $(python3 -V 2>/dev/null || echo none)." \
        "Install one, or name it: PYTHON=/path/to/python3 sh packaging/setup.sh"
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        if can_install; then install_packages "$(basename "$python")-venv"
        else stop "$python has no venv module; on Debian or Ubuntu: sudo apt-get install $(basename "$python")-venv"; fi
    fi
    "$python" -m venv --clear .venv
}

# What an installation depends on: where it lies (scripts hold the path), the interpreter, and pyproject.toml.
fingerprint() { pwd; .venv/bin/python -V; cat pyproject.toml; }

installed() { # $1: a stamp that the environment carries
    [ -x .venv/bin/python ] && fingerprint 2>/dev/null | cmp -s - ".venv/installed-$1"
}

see_to_environment() { # $1: run or dev; what was installed for dev also runs
    if installed dev || installed "$1"; then return 0; fi
    { .venv/bin/pip --version >/dev/null 2>&1 && suits .venv/bin/python; } || make_environment
    say "Installing into .venv (the first time this takes a minute or two)"
    rm -f .venv/installed-*
    case $1 in dev) project=".[dev]" ;; *) project="." ;; esac
    .venv/bin/python -m pip install -qq --disable-pip-version-check --editable "$project" </dev/null >&2 ||
        stop "pip could not install the project; see its last lines above, then run this again."
    fingerprint >".venv/installed-$1"
}

# --- What can be asked for -------------------------------------------------------------------------------------------
run() {
    see_to_packages run
    see_to_environment run
    if [ "$(uname)" = Linux ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        exec sh packaging/tour.sh
    fi
    exec .venv/bin/backprop-playground
}

lint() {
    see_to_environment dev
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports
}

tests() {
    see_to_packages test
    lint
    exec .venv/bin/python -m pytest -n auto --maxprocesses 4 --dist worksteal </dev/null
}

case ${1:-} in
    run) run ;;
    test) tests ;;
    lint) lint ;;
    bench) see_to_environment run; exec .venv/bin/backprop-playground bench ;;
    venv) see_to_packages test; see_to_environment dev ;;
    *) stop "Usage: sh packaging/setup.sh run|test|lint|bench|venv" ;;
esac
