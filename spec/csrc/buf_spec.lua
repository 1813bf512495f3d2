-- buf_spec.lua: growing buffers, through a small program: limits, a failure that lasts, memory that
-- is overwritten.

local c_program = require "support.c_program"

local function prints(body)
   return c_program.output { text = ([[
#include "buf.h"
#include <stdio.h>
#include <string.h>
int main(void) {
    Buf buf = {0};
    %s
    buf_free(&buf);
    return 0;
}
]]):format(body) }
end

describe("a buffer", function()
   it("holds what was appended, in its order, however much that is", function()
      assert.equal("2000000 1", prints [[
    for (int i = 0; i < 1000000; i++) buf_append(&buf, i % 2 ? "cd" : "ab", 2);
    int same = 1;
    for (size_t i = 0; i < buf.size; i++) same = same && buf.data[i] == "abcd"[i % 4];
    printf("%zu %d\n", buf.size, same);
]])
   end)

   it("takes nothing at all as well", function()
      assert.equal("0 0 1", prints [[
    buf_append(&buf, "x", 0);
    buf_append(&buf, NULL, 0);
    printf("%zu %d %d\n", buf.size, buf.failed, buf.data == NULL || buf.capacity > 0);
]])
   end)

   it("refuses what is beyond its limit, and everything after that", function()
      assert.equal("4 abcd 0\n4 abcd 1\n4 1", prints [[
    buf.limit = 5;
    buf_append(&buf, "abcd", 4);
    printf("%zu %.4s %d\n", buf.size, buf.data, buf.failed);
    buf_append(&buf, "ef", 2);
    printf("%zu %.4s %d\n", buf.size, buf.data, buf.failed);
    buf_append(&buf, "e", 1); /* would fit, but something is missing before it */
    printf("%zu %d\n", buf.size, buf.failed);
]])
   end)

   it("refuses sizes that overflow", function()
      assert.equal("1 1 3", prints [[
    buf_append(&buf, "abc", 3);
    char *room = buf_reserve(&buf, (size_t)-2);
    printf("%d %d %zu\n", room == NULL, buf.failed, buf.size);
]])
   end)

   it("gives room that the caller fills", function()
      assert.equal("abcde", prints [[
    buf_append(&buf, "ab", 2);
    memcpy(buf_reserve(&buf, 1000), "cde", 3);
    buf.size += 3;
    printf("%.*s\n", (int)buf.size, buf.data);
]])
   end)

   it("is empty after a clear, and keeps its memory", function()
      assert.equal("0 1 z", prints [[
    buf_append(&buf, "abcdef", 6);
    char *data = buf.data;
    buf_clear(&buf);
    size_t size = buf.size;
    buf_append(&buf, "z", 1);
    printf("%zu %d %c\n", size, data == buf.data, buf.data[0]);
]])
   end)

   it("may be used again after it was freed or cleansed", function()
      assert.equal("0 0 1\nab 0 1", prints [[
    buf.limit = 12;
    buf_append(&buf, "hush-secret", 11);
    buf_append(&buf, "more", 4);
    buf_cleanse(&buf);
    printf("%zu %d %d\n", buf.size, buf.failed, buf.data == NULL);
    buf_append(&buf, "ab", 2);
    printf("%.2s %d ", buf.data, buf.failed);
    buf_free(&buf);
    printf("%d\n", buf.data == NULL);
]])
   end)
end)

describe("cleanse", function()
   it("overwrites every byte, and takes NULL", function()
      assert.equal("0", prints [[
    char secret[] = "hush-secret";
    int left = 0;
    cleanse(secret, sizeof secret - 1);
    cleanse(NULL, 0);
    for (size_t i = 0; i < sizeof secret; i++) left += secret[i] != 0;
    printf("%d\n", left);
]])
   end)
end)
