-- cli/commands/completion.lua: the scripts, in the shells themselves.

local command = require "support.command"
local process = require "support.process"

local run = command.new { environment = {} }

describe("the completion", function()
   local folder

   setup(function()
      folder = process.folder()
      process.write(folder .. "/twilio", ("#!/bin/sh\nLUA_PATH='%s' LUA_CPATH='%s' exec %s cli/bin/twilio \"$@\"\n")
         :format(package.path, package.cpath, process.interpreter()))
      process.run("chmod 755 %s/twilio", folder)
      for _, shell in ipairs { "bash", "zsh", "fish" } do
         local _, out = run("completion " .. shell)
         process.write(folder .. "/script." .. shell, out)
      end
   end)
   teardown(function() process.forget(folder) end)

   -- Runs a program of a shell, with the fake twilio in front.
   local function shell(name, text)
      process.write(folder .. "/run", text)
      return process.output("PATH=%s:$PATH %s %s/run", folder, name, folder)
   end

   it("of bash gives the words of the program", function()
      local out = shell("bash", [[
         . ]] .. folder .. [[/script.bash
         COMP_WORDS=(twilio messages create --ris) COMP_CWORD=3; _twilio; echo "${COMPREPLY[*]}"
         COMP_WORDS=(twilio messages "") COMP_CWORD=2; _twilio; echo "${COMPREPLY[*]}"
         complete -p twilio]])
      assert.equal("--risk-check\ncreate list\ncomplete -o default -F _twilio twilio", out)
   end)

   it("of zsh is read by it, and describes the words", function()
      if not process.can "command -v zsh" then return pending "no zsh" end
      local out = shell("zsh -f", [[
         compdef() { echo "compdef $*" }
         _describe() { print -l -- ${(P)2} }
         . ]] .. folder .. [[/script.zsh
         words=(twilio profiles "") CURRENT=3; _twilio]])
      assert.matches("^compdef _twilio twilio\nlist:the stored accounts; %* is in use\n", out)
   end)

   it("of fish is asked by it", function()
      if not process.can "command -v fish" then return pending "no fish" end
      local out = shell("fish --no-config", "source " .. folder .. "/script.fish\n"
         .. "complete -C 'twilio messages create --ris'\ncomplete -C 'twilio messages '")
      assert.matches("^%-%-risk%-check\n?.*create\toperation\nlist\toperation$", out)
   end)
end)
