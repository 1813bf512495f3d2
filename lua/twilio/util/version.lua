-- util/version.lua: the version of this library, in one place. A leaf; the rockspec and CHANGELOG.md follow it.
return "0.1.0"
