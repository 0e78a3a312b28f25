//! What is packed comes back, whatever the module; and what is broken is refused.

#![cfg(feature = "pack")]

use packed_module::{SECTION, pack, unpack, with_section};
use proptest::collection::vec;
use proptest::prelude::*;

/// A module with these functions in it, each of them the bytes of its body.
fn module(functions: &[Vec<u8>], behind: &[u8]) -> Vec<u8> {
    let mut code = number(functions.len());
    for body in functions {
        code.extend(number(body.len()));
        code.extend(body);
    }
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    // A custom section before the code, and data behind it.
    module.extend([0, 3, 2, b'a', b'b', 10]);
    module.extend(number(code.len()));
    module.extend(code);
    module.push(11);
    module.extend(number(behind.len()));
    module.extend(behind);
    module
}

fn number(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn numbers() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![4 => 0_usize..64, 2 => 0_usize..20_000, 1 => 0_usize..0x7fff_ffff].prop_map(number)
}

/// An operator with what follows it, of each shape that the format has.
fn operator() -> impl Strategy<Value = Vec<u8>> {
    let after = |first: &'static [u8], count: usize| {
        (prop::sample::select(first), vec(numbers(), count))
            .prop_map(|(first, after)| [vec![first], after.concat()].concat())
    };
    prop_oneof![
        prop::sample::select(&[0x00_u8, 0x01, 0x05, 0x0f, 0x1a, 0x1b, 0x45, 0x6a, 0x6b, 0xc4, 0xd1][..])
            .prop_map(|one| vec![one]),
        after(
            &[
                0x0c, 0x0d, 0x10, 0x12, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x41,
                0x41, 0x42, 0xd0, 0xd2
            ],
            1
        ),
        after(&[0x11, 0x13, 0x28, 0x29, 0x36, 0x3e], 2),
        vec(numbers(), 0..5)
            .prop_map(|all| [vec![0x0e], number(all.len()), all.concat(), number(3)].concat()),
        vec(prop::sample::select(&[0x7f_u8, 0x7e][..]), 1..3).prop_map(|types| [
            vec![0x1c],
            number(types.len()),
            types
        ]
        .concat()),
        any::<[u8; 4]>().prop_map(|bytes| [vec![0x43], bytes.to_vec()].concat()),
        any::<[u8; 8]>().prop_map(|bytes| [vec![0x44], bytes.to_vec()].concat()),
        (0_u8..8).prop_map(|second| vec![0xfc, second]),
        (prop::sample::select(&[9_u8, 11, 13, 15, 16, 17][..]), numbers()).prop_map(|(second, one)| [
            vec![0xfc, second],
            one
        ]
        .concat()),
        (prop::sample::select(&[8_u8, 10, 12, 14][..]), vec(numbers(), 2)).prop_map(|(second, two)| [
            vec![0xfc, second],
            two.concat()
        ]
        .concat()),
    ]
}

/// The body of a function: what it declares, operators, some of them in blocks.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let plain = vec(operator(), 0..12).prop_map(|all| all.concat());
    let blocks = plain.prop_recursive(3, 64, 4, |inner| {
        (prop::sample::select(&[0x02_u8, 0x03, 0x04][..]), inner.clone(), inner)
            .prop_map(|(block, inside, behind)| [vec![block, 0x40], inside, vec![0x0b], behind].concat())
    });
    (vec((numbers(), prop::sample::select(&[0x7f_u8, 0x7e, 0x7d][..])), 0..4), blocks).prop_map(
        |(locals, inside)| {
            let declared = locals.iter().flat_map(|(count, kind)| [count.clone(), vec![*kind]].concat());
            [number(locals.len()), declared.collect(), inside, vec![0x0b]].concat()
        },
    )
}

proptest! {
    #[test]
    fn comes_back(functions in vec(body(), 0..40), behind in vec(any::<u8>(), 0..400)) {
        let module = module(&functions, &behind);
        let packed = pack(&module).unwrap();
        prop_assert_eq!(unpack(&packed).unwrap(), module);
    }

    #[test]
    fn broken_is_refused_or_another(functions in vec(body(), 1..20), at in any::<prop::sample::Index>(), bit in 0_u8..8, cut in any::<prop::sample::Index>()) {
        let mut packed = pack(&module(&functions, b"")).unwrap();
        prop_assert!(unpack(&packed[..cut.index(packed.len())]).is_err());
        let at = at.index(packed.len());
        packed[at] ^= 1_u8 << bit;
        // It must come to an end, and not panic.
        drop(unpack(&packed));
    }

    #[test]
    fn any_bytes_come_to_an_end(bytes in vec(any::<u8>(), 0..300)) {
        drop(unpack(&bytes));
        drop(pack(&bytes));
    }
}

#[test]
fn what_is_not_known_is_named_by_its_place() {
    // `v128.const`, in the second function.
    let module = module(&[vec![0, 0x0b], vec![0, 0x01, 0xfd, 0x0c, 0x0b]], b"");
    let error = pack(&module).unwrap_err();
    assert_eq!(module[error.at], 0xfd);
    assert_eq!(
        error.to_string(),
        format!("byte {}: not a module, or nothing that is known how to pack", error.at)
    );
}

#[test]
fn numbers_longer_than_they_must_be_are_refused_where_they_are_not_kept() {
    // A size of a function in two bytes comes back in one.
    let mut long = b"\0asm\x01\0\0\0".to_vec();
    long.extend([10, 5, 1, 0x82, 0x00, 0, 0x0b]);
    assert_eq!(pack(&long).unwrap_err().at, 9);
    // Others are copied as they stand.
    let kept = module(&[vec![0, 0x41, 0x81, 0x00, 0x1a, 0x0b]], b"");
    assert_eq!(unpack(&pack(&kept).unwrap()).unwrap(), kept);
}

#[test]
fn what_is_no_module_is_refused() {
    for bytes in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0", b"\x7fELF\x01\0\0\0\0\0\0\0"] {
        assert!(pack(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn the_section_holds_what_is_packed() {
    let unpacker = b"\0asm\x01\0\0\0";
    let packed = vec![7; 300];
    let whole = with_section(unpacker, &packed);
    assert_eq!(whole[..8], unpacker[..]);
    // A custom section: 0, its size in LEB128, the length of its name, its name.
    let size = 1 + SECTION.len() + packed.len();
    assert_eq!(whole[8..11], [0, size as u8 | 0x80, (size >> 7) as u8]);
    assert_eq!(whole[11..], [&[SECTION.len() as u8][..], SECTION.as_bytes(), &packed].concat());
}

#[test]
fn repeated_code_takes_next_to_no_room() {
    let body = [vec![0], [0x20, 1, 0x41, 0xe4, 0x00, 0x6a, 0x21, 1].repeat(400), vec![0x0b]].concat();
    let module = module(&vec![body; 100], b"");
    let packed = pack(&module).unwrap();
    assert!(packed.len() * 200 < module.len(), "{} of {}", packed.len(), module.len());
}
