/* A library that says which of several of the same name it is. */

/* The name of the folder it lies in. */
const char *which_folder(void);
const char *which_folder(void) {
  return FOLDER;
}

int calls_answered;

/* One more with each call; any thread. */
int answer(int question);
int answer(int question) {
  __atomic_fetch_add(&calls_answered, 1, __ATOMIC_RELAXED);
  return question + 1;
}
