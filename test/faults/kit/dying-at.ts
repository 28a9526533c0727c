/** Flags of Node for a platform that dies by SIGKILL before the n-th statement that changes one of these tables (without `im_`), in any database. */
export function dyingAt(nth: number, tables: readonly string[]): readonly string[] {
  const platform = new URL('../../../packages/im-platform/package.json', import.meta.url).href;
  const preload = `
    let left = ${nth};
    const require = process.getBuiltinModule('module').createRequire(${JSON.stringify(platform)});
    const changes = /\\b(?:insert (?:ignore )?into|update|delete from) \`im_(?:${tables.join('|')})\`/i;
    const count = (sql) => { if (changes.test(sql) && --left === 0) process.kill(process.pid, 'SIGKILL'); };
    const { Connection } = require('mysql2');
    for (const name of ['query', 'execute']) {
      const ask = Connection.prototype[name];
      Connection.prototype[name] = function (asked, ...more) {
        count(asked.sql ?? asked);
        return ask.call(this, asked, ...more);
      };
    }
    const sqlite = require('@photostructure/sqlite');
    class Dying extends sqlite.DatabaseSync {
      prepare(sql) {
        const statement = super.prepare(sql);
        const counted = (name) => (...bindings) => { count(sql); return statement[name](...bindings); };
        return { columns: () => statement.columns(), all: counted('all'), run: counted('run') };
      }
    }
    require.cache[require.resolve('@photostructure/sqlite')].exports = { ...sqlite, DatabaseSync: Dying };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
}
