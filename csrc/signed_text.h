/* signed_text.h: the text that Twilio signs after a webhook's URL.
 *
 * For each name in byte order: the name, and each distinct value, sorted. Knows nothing of Lua,
 * keys or URLs. One SignedText serves request after request and keeps its memory. */
#ifndef TWILIO_SIGNED_TEXT_H
#define TWILIO_SIGNED_TEXT_H

#include "buf.h"

enum {
    SIGNED_FEW = 50,     /* more parameters than Twilio sends */
    SIGNED_MOST = 10000, /* no form is read beyond this many: a forger's costs little to refuse */
};

typedef struct SignedText {
    Buf tail;                             /* the result */
    Buf text;                             /* name value name value ..., decoded, as they came */
    Buf pairs;                            /* FormPair[], in the text's order */
    Buf order;                            /* SortKey[] */
    int repeated;                         /* is there a name twice? */
    unsigned char last_order[SIGNED_FEW]; /* places of the last request's pairs, sorted */
    size_t last_count;
} SignedText; /* all zero: empty */

/* Forgets the last request's parameters. */
void signed_start(SignedText *self);

/* Then either parameters one by one, decoded, or a raw form: SIGNED_MOST pairs and one more at
 * most. */
void signed_add(SignedText *self, const char *name, size_t name_size, const char *value,
                size_t value_size);
void signed_add_form(SignedText *self, const char *form, size_t size);

/* Makes the tail; 0 if there isn't enough memory. */
int signed_finish(SignedText *self);

size_t signed_count(const SignedText *self); /* how many parameters, repeated ones too */
void signed_trim(SignedText *self);          /* gives much memory back, keeps a little */
void signed_free(SignedText *self);

#endif
