# make                  build twilio/core.so for the Lua that LUA names
# make demo             do the main job against a sandbox server on loopback
# make test             every spec, on every Lua that is installed
# make LUA=luajit       lua5.4 (default), lua5.3, lua5.1, luajit
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
SOURCES    := $(sort $(wildcard csrc/*.c))
OBJECTS    := $(SOURCES:csrc/%.c=$(OUT)/%.o)

LUA_CFLAGS ?= $(if $(LUA_INCDIR),-I$(LUA_INCDIR),$(shell $(PKG_CONFIG) --cflags $(LUA)))
LIB_CFLAGS ?= $(foreach d,$(CURL_INCDIR) $(OPENSSL_INCDIR),-I$(d))
LIBS       ?= $(foreach d,$(CURL_LIBDIR) $(OPENSSL_LIBDIR),-L$(d)) -lcurl -lcrypto

WARN       := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
OPT        ?= $(if $(SAN),-O1 -g -fno-omit-frame-pointer -fsanitize=$(SAN),-O2 -g)
ALL_CFLAGS := -std=c11 -D_GNU_SOURCE -fPIC -fvisibility=hidden -pthread $(WARN) $(OPT) $(CFLAGS) $(LUA_CFLAGS) $(LIB_CFLAGS)
# nodelete: a resolver thread of libcurl's may outlive lua_close, which unmaps C modules.
ALL_LDFLAGS := -shared -pthread -Wl,-z,nodelete $(OPT) $(LDFLAGS)
ifeq ($(shell uname -s),Darwin)
ALL_LDFLAGS := -bundle -undefined dynamic_lookup $(OPT) $(LDFLAGS)
endif

.PHONY: all clean

all: $(OUT)/twilio/core.so
	@mkdir -p twilio
	@cmp -s $< twilio/core.so || { cp $< twilio/core.so.new && mv -f twilio/core.so.new twilio/core.so; }

$(OUT)/twilio/core.so: $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(OBJECTS) -o $@ $(ALL_LDFLAGS) $(LIBS)

$(OUT)/%.o: csrc/%.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

-include $(OBJECTS:.o=.d)

clean:
	rm -rf build twilio
