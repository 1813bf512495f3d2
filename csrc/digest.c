/* digest.c: see digest.h.
 *
 * SHA1_* and SHA256_* are used as they are, though OpenSSL 3 calls them deprecated: EVP allocates
 * for every copy of a context, which makes a webhook's HMAC a quarter slower and gives it ways to
 * fail. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "digest.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

enum { BLOCK = 64 }; /* SHA-1's and SHA-256's, which HMAC pads its key to */

enum { INNER = 0x36, OUTER = 0x5c };

static void pad(unsigned char out[BLOCK], const unsigned char key[BLOCK], unsigned char with) {
    for (int i = 0; i < BLOCK; i++) out[i] = key[i] ^ with;
}

/* Hashes the key, padded to a block, XOR `with`. */
static void start_sha1(SHA_CTX *context, const unsigned char key[BLOCK], unsigned char with) {
    unsigned char block[BLOCK];
    pad(block, key, with);
    SHA1_Init(context);
    SHA1_Update(context, block, BLOCK);
    OPENSSL_cleanse(block, sizeof block);
}

static void start_sha256(SHA256_CTX *context, const unsigned char key[BLOCK], unsigned char with) {
    unsigned char block[BLOCK];
    pad(block, key, with);
    SHA256_Init(context);
    SHA256_Update(context, block, BLOCK);
    OPENSSL_cleanse(block, sizeof block);
}

void hmac_key_init(HmacKey *key, HmacHash hash, const void *secret, size_t size) {
    unsigned char block[BLOCK] = {0};
    key->hash = hash;
    if (size <= BLOCK) memcpy(block, secret, size);
    else if (hash == HMAC_HASH_SHA1) SHA1(secret, size, block);
    else SHA256(secret, size, block);
    if (hash == HMAC_HASH_SHA1) {
        start_sha1(&key->of.sha1.inner, block, INNER);
        start_sha1(&key->of.sha1.outer, block, OUTER);
    } else {
        start_sha256(&key->of.sha256.inner, block, INNER);
        start_sha256(&key->of.sha256.outer, block, OUTER);
    }
    OPENSSL_cleanse(block, sizeof block);
}

static size_t digest_by_sha1(const HmacKey *key, const void *head, size_t head_size,
                             const void *tail, size_t tail_size, unsigned char *digest) {
    SHA_CTX context = key->of.sha1.inner;
    SHA1_Update(&context, head, head_size);
    SHA1_Update(&context, tail, tail_size);
    SHA1_Final(digest, &context);
    context = key->of.sha1.outer;
    SHA1_Update(&context, digest, DIGEST_SHA1_SIZE);
    SHA1_Final(digest, &context); /* `context` holds the digest now, nothing of the key */
    return DIGEST_SHA1_SIZE;
}

static size_t digest_by_sha256(const HmacKey *key, const void *head, size_t head_size,
                               const void *tail, size_t tail_size, unsigned char *digest) {
    SHA256_CTX context = key->of.sha256.inner;
    SHA256_Update(&context, head, head_size);
    SHA256_Update(&context, tail, tail_size);
    SHA256_Final(digest, &context);
    context = key->of.sha256.outer;
    SHA256_Update(&context, digest, DIGEST_SHA256_SIZE);
    SHA256_Final(digest, &context);
    return DIGEST_SHA256_SIZE;
}

size_t hmac_key_digest(const HmacKey *key, const void *head, size_t head_size, const void *tail,
                       size_t tail_size, unsigned char digest[DIGEST_SHA256_SIZE]) {
    if (key->hash == HMAC_HASH_SHA1)
        return digest_by_sha1(key, head, head_size, tail, tail_size, digest);
    return digest_by_sha256(key, head, head_size, tail, tail_size, digest);
}

void hmac_key_cleanse(HmacKey *key) { OPENSSL_cleanse(key, sizeof *key); }

size_t digest_hmac(const char *hash, const void *key, size_t key_size, const void *data,
                   size_t size, unsigned char digest[DIGEST_MAX_SIZE]) {
    unsigned int digest_size = 0;
    const EVP_MD *md = EVP_get_digestbyname(hash);
    if (!md || key_size > INT_MAX ||
        !HMAC(md, key, (int)key_size, data, size, digest, &digest_size))
        return 0;
    return digest_size;
}

int digest_sha256(const void *data, size_t size, unsigned char digest[DIGEST_SHA256_SIZE]) {
    return EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL);
}

void digest_hex(char *out, const unsigned char *in, size_t size) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        *out++ = digits[in[i] >> 4];
        *out++ = digits[in[i] & 15];
    }
}

static int no_passphrase(char *out, int size, int writing, void *context) {
    (void)out, (void)size, (void)writing, (void)context;
    return -1;
}

typedef EVP_PKEY *PemReader(BIO *bio, EVP_PKEY **key, pem_password_cb *callback, void *context);

static EVP_PKEY *read_key(PemReader *reader, const char *pem, size_t size) {
    BIO *bio = size <= INT_MAX ? BIO_new_mem_buf(pem, (int)size) : NULL;
    EVP_PKEY *key = bio ? reader(bio, NULL, no_passphrase, NULL) : NULL;
    BIO_free(bio);
    if (key && EVP_PKEY_base_id(key) != EVP_PKEY_RSA) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    return key;
}

EVP_PKEY *digest_private_key(const char *pem, size_t size) {
    return read_key(PEM_read_bio_PrivateKey, pem, size);
}

EVP_PKEY *digest_public_key(const char *pem, size_t size) {
    return read_key(PEM_read_bio_PUBKEY, pem, size);
}

static int use_pss(EVP_PKEY_CTX *context) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

int digest_rsa_sign(EVP_PKEY *key, int pss, const void *data, size_t size, unsigned char *signature,
                    size_t *signature_size) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *padding; /* belongs to context */
    *signature_size = (size_t)EVP_PKEY_size(key);
    int ok = context && EVP_DigestSignInit(context, &padding, EVP_sha256(), NULL, key) > 0 &&
             (!pss || use_pss(padding)) &&
             EVP_DigestSign(context, signature, signature_size, data, size) > 0;
    EVP_MD_CTX_free(context);
    return ok;
}

int digest_rsa_verify(EVP_PKEY *key, int pss, const void *data, size_t size, const void *signature,
                      size_t signature_size) {
    if (signature_size != (size_t)EVP_PKEY_size(key))
        return 0; /* OpenSSL takes one without its leading zeros too */
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *padding;
    int is_ready = context &&
                   EVP_DigestVerifyInit(context, &padding, EVP_sha256(), NULL, key) > 0 &&
                   (!pss || use_pss(padding));
    int ok = is_ready && EVP_DigestVerify(context, signature, signature_size, data, size) > 0;
    EVP_MD_CTX_free(context);
    if (!is_ready) return -1;
    ERR_clear_error(); /* a wrong signature leaves some, which mustn't confuse the program's own use
                          of OpenSSL */
    return ok;
}

int digest_equal(const void *a, size_t a_size, const void *b, size_t b_size) {
    return a_size == b_size && CRYPTO_memcmp(a, b, a_size) == 0;
}

void digest_error(char *out, size_t size) {
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());
    strncpy(out, reason ? reason : "no further reason", size - 1);
    out[size - 1] = '\0';
    ERR_clear_error();
}
