import {defineConfig} from 'vite';
import {origin} from './src/origin.ts';

export default defineConfig({
  plugins: [{name: 'origin', configureServer: server => void server.middlewares.use(origin())}],
  resolve: {conditions: ['@limpid/source', 'module', 'browser', 'import', 'default']},
});
