import { join } from 'node:path';

/** A whole configuration of what is included within http { … } where nginx is installed; nginx runs in the foreground. */
export function asNginxMain(text: string, folder: string): string {
  const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (what) => `${what}_temp_path ${join(folder, what)};`,
  );
  return `daemon off; master_process off; pid ${join(folder, 'pid')}; error_log stderr warn;
events { worker_connections 4096; }
http { access_log off; ${own.join(' ')}
${text}
}`;
}
