import { startConfig } from './config.ts';

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
