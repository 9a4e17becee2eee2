import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { COMMANDS } from './index.ts';

export const completionCommand: Command = {
  name: 'completion',
  usage: 'completion bash|zsh',
  summary: 'print a completion script for a shell',
  flags: [],
  async run({ ports, positionals }) {
    const [shell] = positionals;
    if (shell !== 'bash' && shell !== 'zsh') {
      throw new CommandError(
        'ERR_USAGE',
        1,
        'completion is for bash or zsh',
        'tidelock completion bash > /etc/bash_completion.d/tidelock',
      );
    }
    const words = [...COMMANDS.keys()].join(' ');
    ports.stdout(shell === 'bash' ? bashScript(words) : zshScript(words));
    return 0;
  },
};

function bashScript(words: string): string {
  return `_tidelock() {
  local word="\${COMP_WORDS[COMP_CWORD]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=( $(compgen -W "${words}" -- "$word") $(compgen -f -- "$word") )
  else
    COMPREPLY=( $(compgen -f -- "$word") )
  fi
}
complete -o filenames -F _tidelock tidelock
`;
}

function zshScript(words: string): string {
  return `#compdef tidelock
_tidelock() {
  if (( CURRENT == 2 )); then
    compadd ${words}
  fi
  _files
}
compdef _tidelock tidelock
`;
}
