/** Encryption and authentication algorithms of IPsec, over the Java cryptography of the platform. */
package careof.engine.crypto;
