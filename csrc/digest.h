/* digest.h: the cryptography the library needs, on OpenSSL's libcrypto (1.1.1 or newer).
 *
 * Functions that can fail return 0 then; digest_error says why, in OpenSSL's words. */
#ifndef TWILIO_DIGEST_H
#define TWILIO_DIGEST_H

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stddef.h>

enum { DIGEST_SHA1_SIZE = 20, DIGEST_SHA256_SIZE = 32, DIGEST_MAX_SIZE = 64 };

/* The hash functions that webhooks are signed with. */
typedef enum HmacHash { HMAC_HASH_SHA1, HMAC_HASH_SHA256 } HmacHash;

/* HMAC with the key's schedule ready: both padded keys are hashed once, and every message starts
 * from copies. */
typedef struct HmacKey {
    HmacHash hash;
    union {
        struct {
            SHA_CTX inner, outer;
        } sha1;
        struct {
            SHA256_CTX inner, outer;
        } sha256;
    } of;
} HmacKey;

void hmac_key_init(HmacKey *key, HmacHash hash, const void *secret, size_t size);
/* The digest of head .. tail: two pieces, so that nobody has to join them. Returns its size. */
size_t hmac_key_digest(const HmacKey *key, const void *head, size_t head_size, const void *tail,
                       size_t tail_size, unsigned char digest[DIGEST_SHA256_SIZE]);
void hmac_key_cleanse(HmacKey *key);

/* One-shot HMAC; `hash` is "SHA1", "SHA256", "SHA384" or "SHA512". Returns the digest's size. */
size_t digest_hmac(const char *hash, const void *key, size_t key_size, const void *data,
                   size_t size, unsigned char digest[DIGEST_MAX_SIZE]);

int digest_sha256(const void *data, size_t size, unsigned char digest[DIGEST_SHA256_SIZE]);
/* Writes 2 * size bytes, lower case. */
void digest_hex(char *out, const unsigned char *in, size_t size);

/* An RSA key from PEM text (PKCS#1, PKCS#8, or a public key); NULL if it is none. Encrypted ones
 * are refused without asking anybody for a passphrase. */
EVP_PKEY *digest_private_key(const char *pem, size_t size);
EVP_PKEY *digest_public_key(const char *pem, size_t size);

/* PKCS#1 v1.5 or, with pss, PSS (salt as long as the digest) over SHA-256. `signature` has
 * EVP_PKEY_size(key) bytes; *signature_size is set. */
int digest_rsa_sign(EVP_PKEY *key, int pss, const void *data, size_t size, unsigned char *signature,
                    size_t *signature_size);
/* Returns -1 if there is no memory to tell. */
int digest_rsa_verify(EVP_PKEY *key, int pss, const void *data, size_t size, const void *signature,
                      size_t signature_size);

/* Returns 1 if they are equal. Compares in a time that depends on the sizes only. */
int digest_equal(const void *a, size_t a_size, const void *b, size_t b_size);

/* Writes the reason of the last failure into `out`; empties OpenSSL's queue of errors. */
void digest_error(char *out, size_t size);

#endif
