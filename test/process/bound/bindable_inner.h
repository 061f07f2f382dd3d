/* Included by bindable.h. */
typedef int bound_number;
bound_number bound_next(bound_number x);
