/*
 * sodium_init chooses the fastest code for every algorithm of libsodium, and thereby links them all in. Three of them are not used
 * here: with nothing to choose for them they are left out, which is 70 KB of the program. Compiled by the linker's driver,
 * before libsodium.a.
 */
int _crypto_generichash_blake2b_pick_best_implementation(void);
int _crypto_pwhash_argon2_pick_best_implementation(void);
int _crypto_stream_salsa20_pick_best_implementation(void);

int _crypto_generichash_blake2b_pick_best_implementation(void) { return 0; }
int _crypto_pwhash_argon2_pick_best_implementation(void) { return 0; }
int _crypto_stream_salsa20_pick_best_implementation(void) { return 0; }
