/* The mappings that have at least one open library.
 *
 * Thread rule: any thread.
 */
#ifndef ARK__OPEN_MAPPINGS_H
#define ARK__OPEN_MAPPINGS_H

typedef struct ark_mapping ark_mapping;

/* Opens the mapping of a loader's handle once more, and takes over the handle in every case. NULL when out of
 * memory. */
ark_mapping *ark__mapping_open(void *module);

/* Ends what ark__mapping_open began. */
void ark__mapping_close(ark_mapping *mapping);

/* The loader's handle. */
void *ark__mapping_module(const ark_mapping *mapping);

#endif
