import { flagsOfAll } from './arguments.ts';
import { commandsOf, rowsOf, type Command, type Program } from './program.ts';

/** A script that lets the shell complete commands and flags of the program, for `source`. */
export function completion(program: Program, shell: 'bash' | 'zsh'): string {
  const { name } = program;
  const cases = casesOf(program).map(([line, words]) => `    ${line}) list='${words.join(' ')}' ;;`);
  const body = [`  local list=''`, `  case "$line" in`, ...cases, '  esac'].join('\n');
  return shell === 'bash' ? bash(name, body) : zsh(name, body);
}

/** What stands behind the program so far, as a pattern, and what may follow; the first that fits counts. */
function casesOf(program: Program): [line: string, words: readonly string[]][] {
  const commands = Object.entries(commandsOf(program));
  const general = flagsOfAll.map(({ flag }) => flag);
  const names = commands.map(([name]) => name);
  const ofTwoWords = names.filter((name) => name.includes(' '));
  const groups = [...new Set(ofTwoWords.map((name) => name.split(' ')[0] ?? ''))];
  const flagsOf = (command: Command): readonly string[] => [
    ...rowsOf(program, command).map(({ flag }) => flag),
    ...general,
  ];
  return [
    ...groups.map((group): [string, readonly string[]] => {
      const alone = commandsOf(program)[group];
      const second = ofTwoWords
        .filter((name) => name.startsWith(`${group} `))
        .map((name) => name.slice(group.length + 1));
      return [`" ${group} "`, alone ? [...second, ...flagsOf(alone)] : second];
    }),
    ...commands.map(([name, command]): [string, readonly string[]] => [`" ${name} "*`, flagsOf(command)]),
    [`" "`, [...new Set(names.map((name) => name.split(' ')[0] ?? '')), ...general]],
  ];
}

function bash(name: string, body: string): string {
  return `_${name}() {
  local line=" \${COMP_WORDS[*]:1:COMP_CWORD-1} "
  [ "$COMP_CWORD" -gt 1 ] || line=' '
${body}
  COMPREPLY=($(compgen -W "$list" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`;
}

function zsh(name: string, body: string): string {
  return `#compdef ${name}
_${name}() {
  local line=" \${(j: :)words[2,CURRENT-1]} "
  [ "$CURRENT" -gt 2 ] || line=' '
${body}
  if [ -n "$list" ]; then compadd -- \${=list}; fi
  _files
}
compdef _${name} ${name}
`;
}
