#!/bin/sh
# Installs files, keeps a list of them, and removes them again: make install, make uninstall.
#
#   tools/install.sh install LIST MODE FROM TO NAME... [-- MODE FROM TO NAME...]
#   tools/install.sh uninstall LIST
#
# Copies the files and folders FROM/NAME to TO/NAME. A file is written beside the old one and
# renamed: a running program keeps what it has mapped. Modes don't depend on the umask: nginx's
# workers are other users than who installs.
#
# LIST is the file that names what is installed, one path a line; folders, which end in "/", are
# those below TO and those that didn't exist before. Files that the list of an earlier installation
# has and this one hasn't are removed. "" keeps no list and removes nothing: a package manager does
# that. DESTDIR, from the environment, stands before each path, and not in the list.
set -eu
root=${DESTDIR:-}
tab=$(printf '\t')
work=$(mktemp -d)
beside=
trap 'rm -rf "$work" ${beside:+"$beside"}' EXIT
trap 'exit 1' INT TERM

# Early versions kept no list. They had the sandbox in the library, and these modules.
old_modules="api/api_v2010_available_phone_numbers api/api_v2010_calls api/api_v2010_conferences
   api/api_v2010_incoming_phone_numbers api/api_v2010_sip catalog copies download error flight
   headers hints hosts jwt/arguments lazy listing map multipart oauth operation options pace page
   raw record redact request response runtime/tasks scheduler serialize settings suggest text time
   transport/again transport/renew transport/validation tree version wait xml"

absolute() {
   case "$1" in
      /* | "") printf '%s\n' "$1" ;;
      *) printf '%s\n' "$PWD/$1" ;;
   esac
}

# The lists of all that was installed beside this: the library's and the sandbox's.
is_listed() {
   cat "$root${list%/*}"/twilio*.files 2>/dev/null | grep -qxF "$1"
}

# Makes a folder and those above it. Notes those that are new, and those that an installation made.
make_folder() {
   [ "$1" != / ] || return 0
   make_folder "$(dirname "$1")"
   if [ ! -d "$root$1" ]; then
      mkdir "$root$1"
      chmod 755 "$root$1"
   elif [ -z "$list" ] || ! is_listed "$1/"; then
      return 0
   fi
   printf '%s/\n' "$1" >>"$work/folders"
}

# Folders below TO belong to the library: also one that exists is made readable.
make_own_folder() {
   [ -d "$root$1" ] || mkdir "$root$1"
   [ -n "$(find "$root$1/." -prune -perm -555)" ] || chmod 755 "$root$1"
   printf '%s/\n' "$1" >>"$work/folders"
}

# Prints FROM, TO and MODE of each file, tabs between them, and writes TO's folders down.
plan() {
   while [ $# -gt 0 ]; do
      mode=$1 from=$2 to=$(absolute "$3")
      shift 3
      printf '%s\n' "$to" >>"$work/targets"
      while [ $# -gt 0 ] && [ "$1" != -- ]; do
         (cd "$from" && find "$1" -type f) >"$work/found"
         # Each file; and each folder above it, which is in $work/own more than once.
         FROM=$from TO=$to MODE=$mode OWN=$work/own awk '{
            printf "%s/%s\t%s/%s\t%s\n", ENVIRON["FROM"], $0, ENVIRON["TO"], $0, ENVIRON["MODE"]
            while (sub("/[^/]*$", "")) print ENVIRON["TO"] "/" $0 >>ENVIRON["OWN"]
         }' "$work/found"
         shift
      done
      [ $# = 0 ] || shift
   done
}

# Puts FROM in the place of TO in one step, unless it is there already.
put() {
   if [ -f "$2" ] && cmp -s "$1" "$2"; then
      [ -n "$(find "$2" -prune -perm "$3")" ] || chmod "$3" "$2"
      return
   fi
   if [ -d "$2" ]; then
      echo "can't install $2: there is a folder of this name" >&2
      exit 1
   fi
   beside=$2.new.$$
   install -m "$3" "$1" "$beside"
   mv -f "$beside" "$2"
}

# Reads paths; removes the files first, then the folders that are empty, the deepest first.
remove() {
   sort -r >"$work/gone"
   grep -v '/$' "$work/gone" | while IFS= read -r path; do rm -f "$root$path"; done
   grep '/$' "$work/gone" | while IFS= read -r path; do rmdir "$root$path" 2>/dev/null || :; done
}

# Lists what a version without a list left: regular files only, as a checkout may be linked there.
left_without_list() {
   [ ! -f "$root$list" ] || return 0
   while IFS= read -r to; do
      case "$list" in
         */twilio.files)
            for name in $old_modules; do printf '%s\n' "$to/twilio/$name.lua"; done
            [ ! -f "$root${list%/*}/twilio-sandbox.files" ] || continue
            ;;
         */twilio-cli.files) continue ;;
      esac
      for path in "$root$to/twilio/sandbox" "$root$to/twilio/sandbox.lua"; do
         [ -L "$path" ] || [ ! -e "$path" ] || {
            find "$path" -type f
            find "$path" -type d | sed 's|$|/|'
         } | while IFS= read -r found; do printf '%s\n' "${found#"$root"}"; done
      done
   done <"$work/targets"
}

install_files() {
   [ -z "$root" ] || mkdir -p "$root"
   : >"$work/folders"
   : >"$work/own"
   plan "$@" >"$work/plan"
   while IFS= read -r to; do make_folder "$to"; done <"$work/targets"
   sort -u "$work/own" | while IFS= read -r folder; do make_own_folder "$folder"; done
   [ -z "$list" ] || make_folder "$(dirname "$list")"
   cut -f 2 "$work/plan" | cat - "$work/folders" | sort -u >"$work/new"
   if [ -n "$list" ]; then
      { cat "$root$list" 2>/dev/null || left_without_list; } | sort -u >"$work/old"
      comm -23 "$work/old" "$work/new" >"$work/stale"
      # Both stand there until the last file is in its place: an installation that was ended half
      # way can be repeated and removed.
      sort -u "$work/old" "$work/new" >"$work/both"
      put "$work/both" "$root$list" 644
   fi
   while IFS=$tab read -r from to mode; do
      put "$from" "$root$to" "$mode"
   done <"$work/plan"
   [ -n "$list" ] || return 0
   remove <"$work/stale"
   # A folder that an earlier installation made and that isn't empty is still this library's.
   grep '/$' "$work/stale" | while IFS= read -r path; do
      [ ! -d "$root$path" ] || printf '%s\n' "$path"
   done | sort -u - "$work/new" >"$work/both"
   put "$work/both" "$root$list" 644
}

uninstall() {
   if [ ! -f "$root$list" ]; then
      echo "nothing to remove: there is no list of installed files, $root$list" >&2
      exit 1
   fi
   { cat "$root$list" && printf '%s\n' "$list"; } >"$work/all"
   remove <"$work/all"
}

action=$1 list=$(absolute "$2")
shift 2
case "$action" in
   install) install_files "$@" ;;
   uninstall) uninstall ;;
   *) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
