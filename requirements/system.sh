#!/bin/sh
# Installs the system packages that some tests need, where it can: a browser for the HTML report.
# Never fails: a test that misses its browser skips and says so by name.
set -u

for browser in chromium chromium-browser google-chrome; do
    if command -v "$browser" >/dev/null; then
        exit 0
    fi
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing chromium for the tests of the HTML report" >&2
    if apt-get update --quiet=2 >&2 &&
        DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends chromium >/dev/null; then
        exit 0
    fi
fi
echo "no chromium: the tests of the HTML report in a browser will be skipped" >&2
echo "hint: apt-get install chromium" >&2
