-- cli/commands/completion.lua: `twilio completion SHELL`: a script for bash, zsh or fish, which
-- asks this program for the candidates, so that they are always those of the installed data.

local command = {}

function command.configure(parser)
   parser:command_target "action"
   parser:description [[
Prints a script for a shell:
  bash   twilio completion bash >~/.local/share/bash-completion/completions/twilio
  zsh    twilio completion zsh >~/.zfunc/_twilio, with ~/.zfunc in fpath
  fish   twilio completion fish >~/.config/fish/completions/twilio.fish]]
   for _, shell in ipairs { "bash", "zsh", "fish" } do
      parser:command(shell, "the script for " .. shell)
   end
   local words = parser:command("words", "the candidates for the last of some words")
   words:argument "word":args "*":description "what was typed, after --"
end

local scripts = {}

scripts.bash = [=[
# Completion of twilio for bash.
_twilio() {
   local IFS=$'\n'
   COMPREPLY=($(twilio completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f 1))
}
complete -o default -F _twilio twilio
]=]

scripts.zsh = [=[
#compdef twilio
# Completion of twilio for zsh.
_twilio() {
   local -a candidates
   local line
   for line in ${(f)"$(twilio completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)"}; do
      candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
   done
   if (( ${#candidates} )); then
      _describe 'twilio' candidates
   else
      _files
   fi
}
if [ "$funcstack[1]" = "_twilio" ]; then
   _twilio "$@"
else
   compdef _twilio twilio
fi
]=]

scripts.fish = [=[
# Completion of twilio for fish.
function __twilio_words
   set -l words (commandline -opc)
   set -l current (commandline -ct)
   twilio completion words -- $words[2..-1] "$current" 2>/dev/null
end
complete -c twilio -f -a '(__twilio_words)'
]=]

function command.run(arguments, around)
   if scripts[arguments.action] then
      around.out:write(scripts[arguments.action])
      return around.exit.ok
   end
   local plain = require("twilio.cli.util.plain").text
   for _, one in ipairs(require("twilio.cli.api.complete").candidates(around, arguments.word)) do
      local text = (one[2] or ""):match "^[^\n.]*"
      around.out:write(plain(one[1]), "\t", plain(text), "\n")
   end
   return around.exit.ok
end

return command
