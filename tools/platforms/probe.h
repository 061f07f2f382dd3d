/* What calls.c, which tools/platforms/arm-places.mjs writes, and probe.c know of each other. */

/* A member that holds a value. */
typedef struct leaf {
  int arg;            /* the argument that it belongs to; -1 for the result */
  int becomes_double; /* it is a float that a variadic function receives as a double */
  const volatile void *at;
  unsigned long size; /* 0 ends a list */
} leaf;

/* A call of one signature. */
typedef struct probed {
  const char *args, *result;
  void (*fill)(void); /* sets the arguments to random values */
  void (*call)(void);
  int count;
  int is_struct;      /* whether the result is one */
  void *const *bases; /* for each argument that is a struct, its address */
  const leaf *leaves;
} probed;

extern const probed cases[];
extern const unsigned long case_count;

void probe(void);
long random_i(void);
float random_f(void);
double random_d(void);
