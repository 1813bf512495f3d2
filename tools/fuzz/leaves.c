/* leaves.c: libFuzzer's driver for what reads strangers' bytes in C: forms, what is signed of them,
 * base64.
 *
 * Any bytes in: no crash, no byte read or written where it shouldn't be, and decoding undoes
 * encoding. tools/fuzz/run builds it with ASan and UBSan. Every input gets memory of exactly its
 * size. */
#include "../../csrc/base64.h"
#include "../../csrc/form.h"
#include "../../csrc/signed_text.h"

#include "fuzz.h"

/* Pairs lie one after the other within the memory given, and are no longer than the text. */
static void decode_any(const uint8_t *data, size_t size) {
    char *in = copy_of(data, size), *out = copy_of(data, size), *place = out;
    FormReader reader = form_read(in, size, out);
    FormPair pair;
    while (form_next(&reader, &pair)) {
        check(pair.name == place);
        place += pair.name_size + pair.value_size;
        check((size_t)(place - out) <= size);
    }
    free(in);
    free(out);
}

/* name=value, for the two halves of the input, comes back. */
static void form_round_trip(const uint8_t *data, size_t size, FormSpace space) {
    size_t half = size / 2;
    char *in = copy_of(data, size), *form = malloc(3 * size + 1);
    check(form != NULL);
    size_t length = form_encode(form, in, half, space);
    form[length++] = '=';
    length += form_encode(form + length, in + half, size - half, space);
    char *exact = copy_of(form, length), *out = copy_of(form, length);
    FormReader reader = form_read(exact, length, out);
    FormPair pair;
    check(form_next(&reader, &pair));
    check(pair.name_size == half && pair.value_size == size - half &&
          memcmp(pair.name, in, size) == 0);
    check(!form_next(&reader, &pair));
    free(in);
    free(form);
    free(exact);
    free(out);
}

/* The text of a form is that of its pairs added one by one in the other order, after any other
 * request. */
static void signed_text(const uint8_t *data, size_t size) {
    static SignedText forms, ones;
    char *in = copy_of(data, size), *out = copy_of(data, size);
    FormReader reader = form_read(in, size, out);
    FormPair pairs[64];
    size_t count = 0;
    while (count < 64 && form_next(&reader, &pairs[count])) count++;
    signed_start(&forms);
    signed_add_form(&forms, in, (size_t)(reader.in - in));
    check(signed_finish(&forms));
    signed_start(&ones);
    for (size_t i = count; i-- > 0;) {
        const FormPair *p = &pairs[i];
        signed_add(&ones, p->name, p->name_size, p->name + p->name_size, p->value_size);
    }
    check(signed_finish(&ones));
    check(signed_count(&forms) == count && forms.tail.size == ones.tail.size);
    check(count == 0 || memcmp(forms.tail.data, ones.tail.data, ones.tail.size) == 0);
    int repeated = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++)
            repeated |= pairs[i].name_size == pairs[j].name_size &&
                        memcmp(pairs[i].name, pairs[j].name, pairs[i].name_size) == 0;
    }
    check(forms.repeated == repeated && ones.repeated == repeated);
    check(forms.text.size == (size_t)(reader.out - out) &&
          memcmp(forms.text.data, out, forms.text.size) == 0);
    free(in);
    free(out);
}

static void base64(const uint8_t *data, size_t size) {
    size_t decoded_size;
    char *in = copy_of(data, size), *text = malloc(4 * ((size + 2) / 3) + 1);
    unsigned char *out = malloc(4 * ((size + 2) / 3) + 1);
    check(text && out);
    size_t length = base64_encode(text, in, size);
    check(base64_decode(out, &decoded_size, text, length));
    check(decoded_size == size && memcmp(out, in, size) == 0);
    if (base64_decode(out, &decoded_size, in, size)) check(decoded_size <= size / 4 * 3);
    free(in);
    free(text);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    decode_any(data, size);
    form_round_trip(data, size, FORM_SPACE_PLUS);
    form_round_trip(data, size, FORM_SPACE_PERCENT);
    signed_text(data, size);
    base64(data, size);
    return 0;
}
