# make                  build twilio/core.so for the Lua that LUA names
# make demo             do the main job against a sandbox server on loopback
# make test             every spec, on every Lua that is installed (TESTS="lua5.4 lua5.4-address-undefined": on those)
# make lint             luacheck, and the C sources without a warning on each Lua, by clang too
# make static           lint, and what takes minutes: clang-tidy and gcc -fanalyzer of csrc/, cppcheck of all configurations
# make mutate           change the code in one place at a time: the specs must notice (FILES="lua/twilio/call.lua ...": there;
#                       JOBS=2; WRITE=write: the list of survivors anew; SAMPLE=150 SEED=1: some at random, for 150 seconds)
# make format           clang-format of csrc/
# make sandbox          a whole Twilio on this machine: PORT=8443; PROXY=8444, its CONNECT proxy; HTTP=8080, plain HTTP, too
# make sandbox-api     write the description of the sandbox's commands (docs/sandbox-api.json) as the module that is served
# make conformance      every operation of the OpenAPI files through the library, and every answer of the sandbox, before an independent server
# make fidelity         how much of the example answers of the OpenAPI files the sandbox answers; a lower figure than before is an error.
#                       WRITE=write: keep today's figures, and the list of what differs (tools/fidelity)
# make generate         write lua/twilio/api, the schemas, the sandbox's facts and TwiML's grammar anew from the OpenAPI files and twilio-node
# make types            write the generated part of types/ anew from the API data and TwiML's grammar
# make man              write the command line's manual page, cli/man/twilio.1, anew from its options
# make fresh            name what the newest twilio-node has and we lack, and fail if it is anything; VERSION=6.3.1: that release
# make changes          what changed in the API data since SINCE (HEAD), as lines for CHANGELOG.md
# make bench            how fast, how large, beside libcurl, OpenSSL, twilio-node and twilio-python; BENCH="load post": these
# make fuzz             the parsers, with any input, for an hour: FUZZ_SECONDS=60 for each target; FUZZ="json lines": these (tools/fuzz/run)
# make reliability      write docs/reliability.md anew: what becomes of a call, for each fault of a server; the last soak
# make soak             100,000 calls each in plain Lua, map and nginx, with faults, reloads and aborts; memory, descriptors and
#                       threads stay flat. Its table is kept for docs/reliability.md. CALLS=3000: fewer, and nothing is kept
# make outbox-soak      100,000 messages by workers that are killed at random, on PostgreSQL, and 20,000 on SQLite: about 20 minutes
# make install          the library, for the Lua that LUA names. PREFIX=/usr/local, or LUADIR and LIBDIR; DESTDIR
# make install-sandbox  the sandbox, beside it: a rock of its own
# make install-cli      the command line, beside it: BINDIR, MANDIR
# make uninstall        what install has installed, with the same PREFIX, LUADIR, LIBDIR, LUA; also uninstall-sandbox, uninstall-cli
# make matrix           demo and specs in minimal roots of other Debian releases (root alone can); MATRIX="trixie=lua5.4": there
# make arm64            the same on Debian 13 for arm64, by qemu: slow. ARM64_SPECS="spec/csrc": these specs alone
# make dist             build/dist: a source archive of HEAD, and rockspecs that install from it
# make LUA=luajit       lua5.4 (default), lua5.5, lua5.3, lua5.1, luajit
# make HARDENING=       without the hardening flags, or with a packager's own
# make SAN=address,undefined | SAN=thread    a sanitizer build, in a folder of its own
#
# Objects live in build/<lua>; the finished module is copied to twilio/core.so, where
# LUA_CPATH="./?.so" finds it, and stays in build/<lua>/twilio/core.so for those who need several.

LUA        ?= lua5.4
SAN        ?=
CC         ?= cc
PKG_CONFIG ?= pkg-config

comma      := ,
OUT        := build/$(LUA)$(if $(SAN),-$(subst $(comma),-,$(SAN)))

# Three shared objects, one a library: a program that only validates webhooks never loads libcurl, which is the size of
# thirty others, and one that only sends through a transport of its own loads neither. Each list goes from the top down: a
# file includes only those after it, and those after `class` know nothing of Lua (spec/system/architecture_spec.lua).
CORE       := core credentials fields form_table system interrupt cjson_fix cjson_scan cjson_text class form base64 \
              buf
CRYPTO     := crypto validator plain_request form_table signer fields class signed_text digest form base64 buf
HTTP       := http session request exchange fields class engine notifier poller handle connection tls_records stream body_parts process \
              transfer buf
objects     = $(1:%=$(OUT)/%.o)
MODULES    := core.so core/crypto.so core/http.so

# Folders may have blanks in their names.
folder_flag = $(if $(2),$(1)'$(2)')
LUA_CFLAGS ?= $(if $(LUA_INCDIR),$(call folder_flag,-I,$(LUA_INCDIR)),$(shell $(PKG_CONFIG) --cflags $(LUA)))
LIB_CFLAGS ?= $(call folder_flag,-I,$(CURL_INCDIR)) $(call folder_flag,-I,$(OPENSSL_INCDIR))
CURL_LIBS  ?= $(call folder_flag,-L,$(CURL_LIBDIR)) -lcurl $(if $(filter Linux,$(shell uname -s)),-ldl)
CRYPTO_LIBS ?= $(call folder_flag,-L,$(OPENSSL_LIBDIR)) -lcrypto

WARN       := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
# Assertions on the engine's state machine (csrc/debug.h) are active in sanitizer builds, and with DEBUG=1.
DEBUG      ?= $(SAN)
OPT        ?= $(if $(SAN),-O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN),-O2 -g) $(if $(DEBUG),-DTW_DEBUG)

# Hardening: what this compiler, linker and machine take without a warning, of flags that cost 14 KB. HARDENING= turns it
# off, HARDENING="..." takes a packager's own. Glibc's checks (FORTIFY_SOURCE) need an optimising build, and a CFLAGS that
# has them already stands.
ifeq ($(origin HARDENING),undefined)
optimised  := $(if $(SAN)$(filter -O0,$(OPT) $(CFLAGS)),,$(filter -O%,$(OPT) $(CFLAGS)))
fortify     = $(if $(optimised),$(if $(findstring FORTIFY_SOURCE,$(CFLAGS) $(CC)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$(1)))
program    := \#include <stdlib.h>\nint main(void) { return 0; }\n
taken       = $(shell printf '$(program)' | $(CC) -Werror -Wall $(filter -O%,$(OPT) $(CFLAGS)) $(1) -x c - -o /dev/null 2>/dev/null && echo '$(1)')
one_by_one := -fstack-protector-strong -fcf-protection -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
HARDENING  := $(call taken,$(call fortify,3) $(one_by_one))
ifeq ($(strip $(HARDENING)),)
HARDENING  := $(or $(call taken,$(call fortify,3)),$(call taken,$(call fortify,2))) \
              $(foreach flag,$(one_by_one),$(call taken,$(flag)))
endif
endif

ALL_CFLAGS  = -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -pthread $(WARN) $(filter-out -Wl$(comma)%,$(HARDENING)) $(OPT) $(CFLAGS) \
              $(LUA_CFLAGS) $(LIB_CFLAGS)
# nodelete: a resolver thread of libcurl's may outlive lua_close, which unmaps C modules.
# noseparate-code: two parts to map instead of four, with the first use of each module.
ALL_LDFLAGS := -shared -pthread -Wl,-z,nodelete -Wl,-z,noseparate-code $(filter-out -D% -U%,$(HARDENING)) $(OPT) $(LDFLAGS)
ifeq ($(shell uname -s),Darwin)
ALL_LDFLAGS := -bundle -undefined dynamic_lookup $(filter-out -D% -U%,$(HARDENING)) $(OPT) $(LDFLAGS)
endif

.PHONY: all clean demo test format lint static mutate conformance fidelity generate types docs man fresh changes bench install install-sandbox install-cli uninstall uninstall-sandbox uninstall-cli dist matrix arm64 sandbox \
	sandbox-api release-check
.PHONY: modules cli-program FORCE

all: $(OUT)/twilio/core.so
	@for module in $(MODULES); do tools/replace.sh $(OUT)/twilio/$$module twilio/$$module; done

modules: $(OUT)/twilio/core.so

# Whoever asks for core.so gets its parts too.
$(OUT)/twilio/core.so: $(call objects,$(CORE)) | $(OUT)/twilio/core/crypto.so $(OUT)/twilio/core/http.so
	$(link)
$(OUT)/twilio/core/crypto.so: $(call objects,$(CRYPTO))
	$(link) $(CRYPTO_LIBS)
$(OUT)/twilio/core/http.so: $(call objects,$(HTTP))
	$(link) $(CURL_LIBS)

define link
@mkdir -p $(@D)
$(CC) $(filter %.o,$^) -o $@ $(ALL_LDFLAGS)
endef

$(OUT)/%.o: csrc/%.c Makefile $(OUT)/flags
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

# Other flags, such as the folder of another Lua's headers, compile all anew.
quote       = '$(subst ','\'',$(1))'
flags       = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(CURL_LIBS) $(CRYPTO_LIBS)
$(OUT)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quote,$(flags)) | cmp -s - $@ || printf '%s\n' $(call quote,$(flags)) >$@
FORCE:

# The version stands in one file.
$(OUT)/core.o: lua/twilio/util/version.lua
$(OUT)/core.o: private ALL_CFLAGS += -DTW_VERSION='$(shell sed -n 's/^return //p' lua/twilio/util/version.lua)'

-include $(wildcard $(OUT)/*.d)

demo:
	@tools/demo.sh

# docs/sandbox-api.json is the source.
sandbox-api:
	lua5.4 tools/sandbox_api.lua docs/sandbox-api.json > sandbox/lua/twilio/sandbox/server/openapi.lua

sandbox:
	@PLAIN=$(HTTP) PROXY=$(PROXY) tools/sandbox.sh $(PORT)

test:
	@tools/test.sh $(TESTS)

format:
	clang-format -i csrc/*.[ch]

lint:
	luacheck -q .
	@tools/static.sh quick
	@for lua in lua5.4 lua5.3 lua5.1 luajit $(shell $(PKG_CONFIG) --exists lua5.5 && echo lua5.5); do \
	   $(MAKE) -s LUA=$$lua OUT=build/lint/$$lua CFLAGS=-Werror modules || exit 1; done
	@$(MAKE) -s CC=clang OUT=build/lint/clang CFLAGS=-Werror modules

static: lint
	@tools/static.sh slow

JOBS ?= 1

mutate:
	@$(MAKE) -s LUA=lua5.4 modules
	@lua5.4 tools/mutate/run.lua --jobs=$(JOBS) $(if $(WRITE),--write) $(if $(SAMPLE),--sample=$(SAMPLE)) \
	   $(if $(SEED),--seed=$(SEED)) $(FILES)

conformance: $(OUT)/twilio/core.so
	@LUA=$(LUA) tools/conformance/run.sh
	@LUA=$(LUA) tools/sandbox_conformance.sh

OPENAPI := build/openapi/package/src/services/twilio-api

fidelity: $(OUT)/twilio/core.so
	@tools/openapi/fetch.sh
	@mkdir -p build
	@LUA_PATH="lua/?.lua;;" LUA_CPATH="$(OUT)/?.so;;" $(LUA) tools/fidelity/run.lua $(OPENAPI) tools/fidelity/figures.txt \
	   $(if $(WRITE),tools/fidelity,build)/missed.txt $(WRITE)

generate:
	tools/openapi/fetch.sh
	@mkdir -p build
	package=$$(tools/openapi/node/fetch.sh) && \
	   lua5.4 tools/fresh.lua write $(OPENAPI) $$package >build/twilio_node.json && mv build/twilio_node.json tools/openapi/twilio_node.json && \
	   lua5.4 tools/twiml/generate.lua $$package >build/grammar.lua && mv build/grammar.lua lua/twilio/twiml/grammar.lua
	lua5.4 tools/generate.lua $(OPENAPI) lua/twilio/api lua/twilio/schema sandbox/lua/twilio/sandbox/schema/api
	$(MAKE) types

types: $(OUT)/twilio/core.so
	LUA_PATH="lua/?.lua;;" LUA_CPATH="$(OUT)/?.so;;" $(LUA) tools/types/generate.lua types/library/twilio

# The reference, as static HTML in build/docs. Needs cmark-gfm.
docs: $(OUT)/twilio/core.so
	rm -rf build/docs
	LUA_PATH="lua/?.lua;;" LUA_CPATH="$(OUT)/?.so;;" $(LUA) tools/docs/generate.lua build/docs

man: $(OUT)/twilio/core.so
	@mkdir -p build
	LUA_PATH="lua/?.lua;;" LUA_CPATH="$(OUT)/?.so;;" $(LUA) cli/bin/twilio man >build/twilio.1 && mv build/twilio.1 cli/man/twilio.1

VERSION ?= latest

fresh:
	@VERSION=$(VERSION) tools/fresh.sh

changes:
	@SINCE=$(SINCE) tools/changes.sh

BENCH ?=
bench:
	@$(MAKE) -s LUA=lua5.4
	@if command -v luajit >/dev/null; then $(MAKE) -s LUA=luajit; fi
	@bench/run.sh $(BENCH)

.PHONY: fuzz fuzz-sources
fuzz:
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tools/fuzz/run $(FUZZ)

fuzz-sources:
	@echo $(sort $(CORE) $(CRYPTO))

SOAK ?= postgres 100000 4 200 3000
SOAK_SQLITE ?= sqlite 20000 2 50 1500
outbox_soak = LUA_PATH="lua/?.lua;spec/?.lua;;" LUA_CPATH="$(OUT)/?.so;;" $(LUA) tools/outbox/soak.lua

.PHONY: outbox-soak
outbox-soak: $(OUT)/twilio/core.so
	@$(outbox_soak) $(SOAK)
	@$(outbox_soak) $(SOAK_SQLITE)

program     = LUA_PATH="lua/?.lua;spec/?.lua;tools/?.lua;;" LUA_CPATH="$(OUT)/?.so;;" $(LUA)

.PHONY: reliability soak
reliability: $(OUT)/twilio/core.so
	@mkdir -p build
	$(program) tools/reliability/document.lua >build/reliability.md && mv build/reliability.md docs/reliability.md

soak: $(OUT)/twilio/core.so
	@$(program) tools/soak/soak.lua $(CALLS)

PREFIX     ?= /usr/local
# 5.4 of lua5.4; of other names what the headers say (pkg-config calls it lua on some systems).
headers_version = $(shell printf '\#include <lua.h>\nversion LUA_VERSION_NUM\n' | $(CC) $(LUA_CFLAGS) -E -P -x c - | \
                  sed -n 's/^version \([0-9]\)0*\([0-9][0-9]*\)$$/\1.\2/p')
LUA_VERSION ?= $(or $(patsubst lua%,%,$(filter lua5.%,$(LUA:luajit=lua5.1))),$(headers_version))
LUADIR     ?= $(PREFIX)/share/lua/$(LUA_VERSION)
LIBDIR     ?= $(PREFIX)/lib/lua/$(LUA_VERSION)
# The folder of the lists of installed files; LISTDIR= keeps none, for package managers.
LISTDIR    ?= $(LIBDIR)
list        = "$(if $(LISTDIR),$(LISTDIR)/$(1).files)"
export DESTDIR

install: $(OUT)/twilio/core.so
	@tools/install.sh install $(call list,twilio) 644 lua "$(LUADIR)" twilio.lua twilio \
	   -- 755 $(OUT) "$(LIBDIR)" $(MODULES:%=twilio/%)

uninstall:
	@tools/install.sh uninstall $(call list,twilio)

install-sandbox:
	@tools/install.sh install $(call list,twilio-sandbox) 644 sandbox/lua "$(LUADIR)" twilio

uninstall-sandbox:
	@tools/install.sh uninstall $(call list,twilio-sandbox)

BINDIR     ?= $(PREFIX)/bin
MANDIR     ?= $(PREFIX)/share/man/man1

# The program names its Lua, and where the library is, unless a package manager sees to that.
absolute    = $(if $(filter /%,$(firstword $(1))),$(1),$(CURDIR)/$(1))
cli-program: cli/bin/twilio
	@mkdir -p $(OUT)/cli
	@{ echo '#!$(or $(shell command -v $(LUA)),/usr/bin/env $(LUA))'; \
	   $(if $(LISTDIR),echo 'package.path = "$(call absolute,$(LUADIR))/?.lua;" .. package.path'; \
	   echo 'package.cpath = "$(call absolute,$(LIBDIR))/?.so;" .. package.cpath';) \
	   sed 1d $<; } >$(OUT)/cli/twilio

install-cli: cli-program
	@tools/install.sh install $(call list,twilio-cli) 644 cli/lua "$(LUADIR)" twilio \
	   -- 755 $(OUT)/cli "$(BINDIR)" twilio $(if $(MANDIR),-- 644 cli/man "$(MANDIR)" twilio.1)

uninstall-cli:
	@tools/install.sh uninstall $(call list,twilio-cli)

dist:
	@tools/dist.sh

release-check:
	@LUA=$(LUA) tools/release_check.sh

MATRIX ?= trixie=lua5.4,lua5.3,lua5.1,luajit forky=lua5.4,lua5.5,lua5.3,lua5.1,luajit bookworm=lua5.4

matrix:
	@tools/matrix/run.sh $(MATRIX)

arm64:
	@SPECS="$(ARM64_SPECS)" nice -n 19 tools/matrix/run.sh trixie:arm64=lua5.4,luajit

clean:
	rm -rf build twilio
