/* signed_text.c: see signed_text.h. On the hot path of every webhook: what looks roundabout here
 * was measured. */
#include "signed_text.h"

#include "form.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* SPARE: bytes allocated behind the text and the tail, so that they can be read and copied in whole
 * steps. */
enum { HEAD = 8, SPARE = 16, KEEP = 64 * 1024 };

typedef struct SortKey {
    uint64_t head; /* the name's first bytes, as a number that sorts like them */
    const FormPair *pair;
} SortKey;

void signed_start(SignedText *self) {
    buf_clear(&self->tail);
    buf_clear(&self->text);
    buf_clear(&self->pairs);
    buf_clear(&self->order);
    self->repeated = 0;
}

size_t signed_count(const SignedText *self) { return self->pairs.size / sizeof(FormPair); }

/* The name's place is left open: the text may still move. */
void signed_add(SignedText *self, const char *name, size_t name_size, const char *value,
                size_t value_size) {
    FormPair pair = {NULL, name_size, value_size};
    buf_append(&self->text, name, name_size);
    buf_append(&self->text, value, value_size);
    buf_append(&self->pairs, &pair, sizeof pair);
}

void signed_add_form(SignedText *self, const char *form, size_t size) {
    char *out = buf_reserve(&self->text, size + SPARE);
    if (!out) return;
    FormReader reader = form_read(form, size, out);
    size_t read, step = SIGNED_FEW; /* at once: all, nearly always */
    do {
        size_t left = SIGNED_MOST + 1 - signed_count(self);
        if (step > left) step = left;
        char *pairs = buf_reserve(&self->pairs, step * sizeof(FormPair));
        if (!pairs) return;
        read = form_read_pairs(&reader, (FormPair *)(void *)pairs, step);
        self->pairs.size += read * sizeof(FormPair);
    } while (read == step && read > 0);
    self->text.size = (size_t)(reader.out - self->text.data);
}

/* Returns 0 for want of memory. */
static int locate_names(SignedText *self, FormPair *pairs, size_t count) {
    if (!buf_reserve(&self->text, SPARE)) return 0;
    const char *text = self->text.data;
    for (size_t i = 0; i < count; i++) {
        pairs[i].name = text;
        text += pairs[i].name_size + pairs[i].value_size;
    }
    return 1;
}

/* Nearly all comparisons end at the heads; with a memcmp for each, sorting took longer than
 * hashing. Reads HEAD bytes in any case, which the text's SPARE allows. */
static uint64_t head_of(const FormPair *pair) {
    const unsigned char *p = (const unsigned char *)pair->name;
    uint64_t head = (uint64_t)p[0] << 56 | (uint64_t)p[1] << 48 | (uint64_t)p[2] << 40 |
                    (uint64_t)p[3] << 32 | (uint64_t)p[4] << 24 | (uint64_t)p[5] << 16 |
                    (uint64_t)p[6] << 8 | (uint64_t)p[7];
    if (pair->name_size >= HEAD) return head;
    return pair->name_size ? head & UINT64_MAX << 8 * (HEAD - pair->name_size) : 0;
}

static int compare_bytes(const char *a, size_t a_size, const char *b, size_t b_size) {
    int order = memcmp(a, b, a_size < b_size ? a_size : b_size);
    return order ? order : (a_size > b_size) - (a_size < b_size);
}

static int compare_keys(const void *left, const void *right) {
    const SortKey *a = left, *b = right;
    if (a->head != b->head) return a->head < b->head ? -1 : 1;
    const FormPair *x = a->pair, *y = b->pair;
    int order = compare_bytes(x->name, x->name_size, y->name, y->name_size);
    return order ? order
                 : compare_bytes(x->name + x->name_size, x->value_size, y->name + y->name_size,
                                 y->value_size);
}

static int same_name(const SortKey *a, const SortKey *b) {
    size_t size = a->pair->name_size;
    return a->head == b->head && size == b->pair->name_size &&
           memcmp(a->pair->name, b->pair->name, size) == 0;
}

/* Twilio's parameters are few: insertion beats qsort, which guards us from a forger's many. */
static void sort_keys(SortKey *keys, size_t count) {
    if (count > SIGNED_FEW) {
        qsort(keys, count, sizeof *keys, compare_keys);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        SortKey key = keys[i];
        size_t j = i;
        for (; j > 0 && compare_keys(&keys[j - 1], &key) > 0; j--) keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

/* In fixed steps, which compile to one move each: the texts are short. Both sides have SPARE
 * bytes. */
static char *copy_text(char *out, const char *in, size_t size) {
    for (size_t done = 0; done < size; done += SPARE) memcpy(out + done, in + done, SPARE);
    return out + size;
}

/* Twilio sends the same names in the same order again and again: the last request's order leaves
 * the sort next to nothing to do, and any other order is only as good as none. */
static void fill_keys(const SignedText *self, SortKey *keys, const FormPair *pairs, size_t count) {
    int again = count == self->last_count;
    for (size_t i = 0; i < count; i++) {
        const FormPair *pair = &pairs[again ? self->last_order[i] : i];
        keys[i] = (SortKey){head_of(pair), pair};
    }
}

static void remember_order(SignedText *self, const SortKey *keys, const FormPair *pairs,
                           size_t count) {
    self->last_count = count <= SIGNED_FEW ? count : 0;
    for (size_t i = 0; i < self->last_count; i++)
        self->last_order[i] = (unsigned char)(keys[i].pair - pairs);
}

static void build_tail(SignedText *self, SortKey *keys, const FormPair *pairs, size_t count) {
    char *tail = buf_reserve(&self->tail, self->text.size + SPARE);
    if (!tail) return;
    fill_keys(self, keys, pairs, count);
    sort_keys(keys, count);
    remember_order(self, keys, pairs, count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && same_name(&keys[i - 1], &keys[i])) {
            self->repeated = 1;
            if (compare_keys(&keys[i - 1], &keys[i]) == 0) continue; /* each distinct value once */
        }
        tail =
            copy_text(tail, keys[i].pair->name, keys[i].pair->name_size + keys[i].pair->value_size);
    }
    self->tail.size = (size_t)(tail - self->tail.data);
}

int signed_finish(SignedText *self) {
    FormPair *pairs = (FormPair *)(void *)self->pairs.data;
    size_t count = signed_count(self);
    SortKey *keys = (SortKey *)(void *)buf_reserve(&self->order, count * sizeof *keys);
    if (count > 0 && !pairs[0].name && !locate_names(self, pairs, count)) return 0;
    if (self->text.failed || self->pairs.failed || self->order.failed) return 0;
    build_tail(self, keys, pairs, count);
    return !self->tail.failed;
}

static void trim(Buf *buf) {
    if (buf->capacity > KEEP) buf_free(buf);
}

void signed_trim(SignedText *self) {
    trim(&self->tail);
    trim(&self->text);
    trim(&self->pairs);
    trim(&self->order);
}

void signed_free(SignedText *self) {
    buf_free(&self->tail);
    buf_free(&self->text);
    buf_free(&self->pairs);
    buf_free(&self->order);
}
