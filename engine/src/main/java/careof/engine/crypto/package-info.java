/** Encryption and authentication algorithms of IPsec, key exchange and key derivation of IKE, over the Java cryptography of the platform. */
package careof.engine.crypto;
