/**
 * How much longer than in production the code under test waits for databases and services. A product must give up
 * some time; a test that fails because the machine was slow says nothing about the product.
 */
export const timeoutFactor = 30;
