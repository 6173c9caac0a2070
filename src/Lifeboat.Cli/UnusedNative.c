/*
 * What of the native libraries is linked in and never used, replaced by next to nothing. Compiled by the linker's driver, before the
 * libraries: what is defined here is not taken out of them.
 */
#include <stddef.h>

/*
 * sodium_init chooses the fastest code for every algorithm of libsodium, and thereby links them all in. With nothing to choose for these
 * they are left out: 70 KB of the program.
 */
int _crypto_generichash_blake2b_pick_best_implementation(void);
int _crypto_pwhash_argon2_pick_best_implementation(void);
int _crypto_stream_salsa20_pick_best_implementation(void);

int _crypto_generichash_blake2b_pick_best_implementation(void) { return 0; }
int _crypto_pwhash_argon2_pick_best_implementation(void) { return 0; }
int _crypto_stream_salsa20_pick_best_implementation(void) { return 0; }

/*
 * br_ssl_client_init_full takes every cipher of BearSSL. Only suites of AES-GCM and ChaCha20-Poly1305 are offered (TlsChannel), so that
 * CBC, 3DES and CCM are never chosen: 20 KB of the program.
 */
void br_ssl_engine_set_default_aes_cbc(void *engine);
void br_ssl_engine_set_default_des_cbc(void *engine);
void br_ssl_engine_set_default_aes_ccm(void *engine);

void br_ssl_engine_set_default_aes_cbc(void *engine) { (void)engine; }
void br_ssl_engine_set_default_des_cbc(void *engine) { (void)engine; }
void br_ssl_engine_set_default_aes_ccm(void *engine) { (void)engine; }

/*
 * The formats that zstd had before its first release, in 2016. No dump, kernel or ramdisk has them, and each is a decoder more that a
 * hostile file could choose: such a file is now refused as one that cannot be decoded.
 */
#define ZSTD_ERROR ((size_t)-10) /* ZSTD_error_prefix_unknown */
#define CONTENT_SIZE_ERROR (0ULL - 2) /* ZSTD_CONTENTSIZE_ERROR */

#define WITHOUT_FORMAT(version)                                                                        \
    void *ZSTD##version##_createDCtx(void);                                                            \
    void *ZBUFF##version##_createDCtx(void);                                                           \
    size_t ZSTD##version##_freeDCtx(void *context);                                                    \
    size_t ZBUFF##version##_freeDCtx(void *context);                                                   \
    size_t ZSTD##version##_decompress_usingDict(void);                                                 \
    size_t ZSTD##version##_getFrameParams(void);                                                       \
    size_t ZBUFF##version##_decompressContinue(void);                                                  \
    size_t ZBUFF##version##_decompressInitDictionary(void);                                            \
    void ZSTD##version##_findFrameSizeInfoLegacy(                                                      \
        const void *source, size_t length, size_t *packed, unsigned long long *most);                  \
    void *ZSTD##version##_createDCtx(void) { return NULL; }                                            \
    void *ZBUFF##version##_createDCtx(void) { return NULL; }                                           \
    size_t ZSTD##version##_freeDCtx(void *context) { (void)context; return 0; }                        \
    size_t ZBUFF##version##_freeDCtx(void *context) { (void)context; return 0; }                       \
    size_t ZSTD##version##_decompress_usingDict(void) { return ZSTD_ERROR; }                           \
    size_t ZSTD##version##_getFrameParams(void) { return ZSTD_ERROR; }                                 \
    size_t ZBUFF##version##_decompressContinue(void) { return ZSTD_ERROR; }                            \
    size_t ZBUFF##version##_decompressInitDictionary(void) { return ZSTD_ERROR; }                      \
    void ZSTD##version##_findFrameSizeInfoLegacy(                                                      \
        const void *source, size_t length, size_t *packed, unsigned long long *most)                   \
    {                                                                                                  \
        (void)source;                                                                                  \
        (void)length;                                                                                  \
        *packed = ZSTD_ERROR;                                                                          \
        *most = CONTENT_SIZE_ERROR;                                                                    \
    }

WITHOUT_FORMAT(v05)
WITHOUT_FORMAT(v06)
WITHOUT_FORMAT(v07)

/*
 * Strategies of zstd that no level in use takes: ZstdCompressor and ZstdArchive ask for "fast" up to level 15, and above it zstd's own
 * tables do not come down to these. Nor is there a dictionary, more than one thread in libzstd, or a search at long distance (which
 * asks these for sizes only, and is told none): 250 KB of the program.
 */
#define NEVER_CALLED(name)                                                                             \
    void name(void);                                                                                   \
    void name(void) { __builtin_trap(); }
#define NOTHING(name)                                                                                  \
    size_t name(void);                                                                                 \
    size_t name(void) { return 0; }
#define WITHOUT_SEARCH(kind)                                                                           \
    NEVER_CALLED(ZSTD_compressBlock_##kind)                                                            \
    NEVER_CALLED(ZSTD_compressBlock_##kind##_dictMatchState)                                           \
    NEVER_CALLED(ZSTD_compressBlock_##kind##_extDict)
#define WITHOUT_ROW_SEARCH(kind)                                                                       \
    WITHOUT_SEARCH(kind)                                                                               \
    NEVER_CALLED(ZSTD_compressBlock_##kind##_row)                                                      \
    NEVER_CALLED(ZSTD_compressBlock_##kind##_dictMatchState_row)                                       \
    NEVER_CALLED(ZSTD_compressBlock_##kind##_extDict_row)                                              \
    NEVER_CALLED(ZSTD_compressBlock_##kind##_dedicatedDictSearch)                                      \
    NEVER_CALLED(ZSTD_compressBlock_##kind##_dedicatedDictSearch_row)

WITHOUT_ROW_SEARCH(greedy)
WITHOUT_ROW_SEARCH(lazy)
WITHOUT_ROW_SEARCH(lazy2)
WITHOUT_SEARCH(btlazy2)
WITHOUT_SEARCH(doubleFast)
NEVER_CALLED(ZSTD_dedicatedDictSearch_lazy_loadDictionary)
NEVER_CALLED(ZSTD_fillDoubleHashTable)
NEVER_CALLED(ZSTD_insertAndFindFirstIndex)
NEVER_CALLED(ZSTD_row_update)

NEVER_CALLED(ZSTD_ldm_adjustParameters)
NEVER_CALLED(ZSTD_ldm_blockCompress)
NEVER_CALLED(ZSTD_ldm_fillHashTable)
NEVER_CALLED(ZSTD_ldm_generateSequences)
NEVER_CALLED(ZSTD_ldm_skipSequences)
NOTHING(ZSTD_ldm_getMaxNbSeq)
NOTHING(ZSTD_ldm_getTableSize)
NOTHING(ZSTD_ldm_skipRawSeqStoreBytes)

NEVER_CALLED(ZSTDMT_compressStream_generic)
NEVER_CALLED(ZSTDMT_createCCtx_advanced)
NEVER_CALLED(ZSTDMT_getFrameProgression)
NEVER_CALLED(ZSTDMT_initCStream_internal)
NEVER_CALLED(ZSTDMT_nextInputSizeHint)
NEVER_CALLED(ZSTDMT_toFlushNow)
NEVER_CALLED(ZSTDMT_updateCParams_whileCompressing)
NOTHING(ZSTDMT_freeCCtx)
NOTHING(ZSTDMT_sizeof_CCtx)
