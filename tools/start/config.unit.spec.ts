import { createDevelopmentMint, DevelopmentIssuerRefused } from '@onecount/identity';
import { nodeEnv, startConfig } from './config.ts';

it('mints no tokens where NODE_ENV says production', async () => {
  const mint = (env: Record<string, string>) =>
    createDevelopmentMint({ keyFile: '/nowhere', issuer: 'http://x', nodeEnv: nodeEnv(env) });
  await expect(mint({ NODE_ENV: 'production' })).rejects.toThrow(DevelopmentIssuerRefused);
  expect(nodeEnv({})).toBe('development');
});

it('passes settings of services on, those of a front end among them, and nothing else', () => {
  const env = {
    CORS_ORIGINS: 'https://shop.example',
    FAIR_LIMITS: 'false',
    LOG_LEVEL: '',
    HOME: '/x',
  };
  expect(startConfig(env).env).toEqual({
    CORS_ORIGINS: 'https://shop.example',
    FAIR_LIMITS: 'false',
  });
});

test('production is refused in one line, whatever else is set', () => {
  expect(() => startConfig({ NODE_ENV: 'production', EVENT_LOG: 'x' })).toThrow(
    /^NODE_ENV=production: npm start runs a development system/,
  );
});
