#!/bin/sh
# Static analysis of csrc/; every finding is an error.
#
#   tools/static.sh quick    clang-format and cppcheck: some seconds (make lint)
#   tools/static.sh slow     clang-tidy and gcc -fanalyzer, on each file: minutes (make static)
#
# clang-format 14 has the last word about the format, as other versions break lines elsewhere. A
# finding that is wrong is suppressed at its line, with the reason; .clang-tidy names the checks
# that are off for all. A tool that isn't installed is named, and its part left out, unless
# STATIC=strict.
set -u
cd "$(dirname "$0")/.."

status=0

missing() {
   echo "$1 is missing: $2 isn't checked" >&2
   [ "${STATIC-}" != strict ] || status=1
}

check_format() {
   tool=$(command -v clang-format-14 || command -v clang-format) || { missing clang-format "the format"; return; }
   case "$("$tool" --version)" in
      *"version 14."*) "$tool" --dry-run -Werror csrc/*.[ch] || status=1 ;;
      *) missing "clang-format 14" "the format" ;;
   esac
}

# The headers of others aren't read: LIBCURL_VERSION_NUM stands for libcurl's. With the second run
# go the branches for other systems and processors.
check_cppcheck() {
   command -v cppcheck >/dev/null || { missing cppcheck "csrc/ by cppcheck"; return; }
   for configuration in "-D__linux__ -DTW_DEBUG" "-D__SSE2__ -UTW_DEBUG" "-U__linux__ -UTW_DEBUG"; do
      cppcheck --quiet --std=c11 --enable=warning,style,performance,portability --inline-suppr \
         --suppress=missingIncludeSystem --error-exitcode=1 -D_GNU_SOURCE -DLIBCURL_VERSION_NUM=0x080000 \
         $configuration -Icsrc csrc || status=1
   done
}

flags="-std=c11 -D_GNU_SOURCE -DTW_DEBUG -DTW_VERSION=\"x\" -Icsrc"

check_tidy() {
   command -v clang-tidy >/dev/null || { missing clang-tidy "csrc/ by clang-tidy"; return; }
   for file in csrc/*.c; do
      clang-tidy --quiet "$file" -- $flags $(pkg-config --cflags lua5.4) 2>/dev/null || status=1
   done
}

# The analyzer of gcc 12 knows C; -O1 gives it fewer paths to follow.
check_analyzer() {
   for file in csrc/*.c; do
      gcc $flags $(pkg-config --cflags lua5.4) -O1 -fPIC -fanalyzer -Werror -c "$file" -o /dev/null || status=1
   done
}

case "${1-}" in
   quick) check_format; check_cppcheck ;;
   slow) check_tidy; check_analyzer ;;
   *) echo "usage: tools/static.sh quick|slow" >&2; exit 2 ;;
esac
exit $status
