//! The one shape of every mapping whose keys the Compose specification fixes.

/// Declares such a mapping: a struct with an [`Attribute`](super::field::Attribute) for each key, a `rest` for
/// everything else, and the table by which it is read.
///
/// `field = "key"` where the key is no Rust name; `=> reader` where the type alone does not say how to read
/// it; `plus` holds fields that are no attributes; `requires` names the keys that must be there; `or null` is
/// for a mapping that may be left empty; `without extensions` for one that takes no `x-` keys.
macro_rules! attributes {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident {
            $( $(#[$doc:meta])* $field:ident $(= $key:literal)? : $ty:ty $(=> $reader:ident)?, )*
        }
        $( plus { $( $(#[$extra_doc:meta])* $extra:ident : $extra_ty:ty, )* } )?
        $( requires [ $($required:literal),* ] )?
        $( or $null:ident )?
        $( without $extensions:ident )?
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Default)]
        #[non_exhaustive]
        pub struct $Name {
            $( $(#[$doc])* pub $field: $crate::compose::ast::field::Attribute<$ty>, )*
            $( $( $(#[$extra_doc])* pub $extra: $extra_ty, )* )?
            /// What the mapping holds besides.
            pub rest: $crate::compose::ast::field::Rest,
        }

        impl $crate::compose::lower::attributes::Attributes for $Name {
            const NAMES: &'static [&'static str] =
                &[ $( $crate::compose::ast::attributes::key!($field $($key)?) ),* ];
            const REQUIRED: &'static [&'static str] = &[ $( $($required),* )? ];
            const NULLABLE: bool = $crate::compose::ast::attributes::given!($($null)?);
            const CLOSED: bool = $crate::compose::ast::attributes::given!($($extensions)?);

            fn read(
                &mut self,
                entry: &$crate::compose::value::Entry,
                at: $crate::compose::lower::Path<'_>,
                cx: &mut $crate::compose::lower::Lowering,
            ) -> $crate::compose::lower::attributes::Read {
                match &*entry.key {
                    $( $crate::compose::ast::attributes::key!($field $($key)?) => {
                        self.$field = $crate::compose::lower::attributes::read_field(
                            entry, at, cx, $crate::compose::ast::attributes::reader!($($reader)?));
                        $crate::compose::lower::attributes::Read::of(self.$field.is_some())
                    } )*
                    _ => $crate::compose::lower::attributes::Read::Unknown,
                }
            }

            fn rest(&mut self) -> &mut $crate::compose::ast::field::Rest {
                &mut self.rest
            }
        }

        impl $crate::compose::long::Long for $Name {
            fn long(&self) -> $crate::compose::long::NodeKind {
                let mut entries = Vec::new();
                $( $crate::compose::long::push(
                    &mut entries, $crate::compose::ast::attributes::key!($field $($key)?), &self.$field); )*
                $crate::compose::long::push_rest(&mut entries, &self.rest);
                $crate::compose::long::NodeKind::Map(entries)
            }
        }

        impl ::std::fmt::Debug for $Name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let mut out = f.debug_struct(stringify!($Name));
                $( if let Some(field) = &self.$field {
                    out.field($crate::compose::ast::attributes::key!($field $($key)?), field);
                } )*
                $( $( $crate::compose::ast::attributes::show_extra(
                    &mut out, stringify!($extra), &self.$extra); )* )?
                self.rest.debug(|name, entries| {
                    out.field(name, entries);
                });
                out.finish()
            }
        }
    };
}

/// The name of an attribute.
macro_rules! key {
    ($field:ident $key:literal) => {
        $key
    };
    ($field:ident) => {
        stringify!($field)
    };
}

/// How an attribute is read: as its type is, unless the table names another reader.
macro_rules! reader {
    () => {
        $crate::compose::lower::attributes::Lower::lower
    };
    ($reader:ident) => {
        $crate::compose::lower::readers::$reader
    };
}

/// Whether an optional word of the table is there.
macro_rules! given {
    () => {
        false
    };
    ($word:ident) => {
        true
    };
}

pub(crate) use {attributes, given, key, reader};

/// Shows what is not an attribute where it is not the default.
pub(crate) fn show_extra(
    out: &mut std::fmt::DebugStruct<'_, '_>,
    name: &str,
    value: &(dyn std::fmt::Debug + 'static),
) {
    let shown = format!("{value:?}");
    if !["Long", "[]", "false", "None"].contains(&shown.as_str()) {
        out.field(name, &format_args!("{shown}"));
    }
}
