using System.Buffers.Binary;
using System.Text;
using Google.Protobuf.Reflection;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for protobuf messages made from their descriptors, field by field, right and wrong.</summary>
/// <param name="random">Decides.</param>
internal sealed class MessageGenerator(Random random)
{
    private const int Deepest = 5;

    /// <summary>A message.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="sender">Who sends it.</param>
    /// <returns>Its bytes, which may be none of any message.</returns>
    public byte[] Next(MessageDescriptor type, Sender sender)
    {
        var bytes = new List<byte>();
        var isGood = random.Chance(60);
        Fill(bytes, type, sender, isGood, 0);
        if (isGood)
        {
            return [.. bytes];
        }

        switch (random.Next(8))
        {
            case 0:
                // Deeper than any parser goes.
                byte[] inner = [];
                for (var i = random.Of(90, 101, 3_000); i > 0; i--)
                {
                    inner = [0x0a, .. Varint((ulong)inner.Length), .. inner];
                }

                bytes.AddRange(inner);
                break;
            case 1:
                // A length that is more than there is.
                bytes.AddRange([0x0a, .. Varint(random.Of<ulong>(1, 127, 1_000_000, int.MaxValue, uint.MaxValue, ulong.MaxValue))]);
                break;
            case 2:
                return random.Mutate([.. bytes]);
            case 3:
                bytes.AddRange(new byte[random.Next(20)]);
                break;
            case 4:
                // An unknown field, a group among them.
                bytes.AddRange([.. Varint((ulong)((random.Next(1, 1_000) << 3) | random.Next(8))), .. Varint((ulong)random.Next())]);
                break;
        }

        return [.. bytes];
    }

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    private void Fill(List<byte> bytes, MessageDescriptor type, Sender sender, bool isGood, int depth)
    {
        var fields = type.Fields.InDeclarationOrder();
        if (type.Oneofs.Any(o => !o.IsSynthetic))
        {
            fields = isGood || random.Chance(80) ? [fields[random.Next(fields.Count)]] : fields;
        }

        foreach (var field in fields)
        {
            var isNeeded = field.Name.EndsWith("id", StringComparison.Ordinal) || (field.FieldType == FieldType.Message && field.MessageType.File.Package == type.File.Package);
            var isScope = field.Name is "tenant_id" or "namespace_id";
            if (!random.Chance(isScope ? (sender == Sender.Tenant ? 80 : 6) : isNeeded ? 95 : 50))
            {
                continue;
            }

            for (var i = field.IsRepeated ? random.Next(3) : isGood ? 1 : random.Of(1, 1, 1, 2); i > 0; i--)
            {
                Write(bytes, field, sender, isGood, depth);
            }
        }
    }

    private void Write(List<byte> bytes, FieldDescriptor field, Sender sender, bool isGood, int depth)
    {
        var (wire, value) = Value(field, sender, isGood, depth);
        if (!isGood && random.Chance(3))
        {
            wire = random.Next(8);
        }

        bytes.AddRange(Varint((ulong)((field.FieldNumber << 3) | wire)));
        bytes.AddRange(value);
    }

    private (int Wire, byte[] Value) Value(FieldDescriptor field, Sender sender, bool isGood, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Message:
                var inner = new List<byte>();
                if (depth < Deepest)
                {
                    Fill(inner, field.MessageType, sender, isGood, depth + 1);
                }

                return Prefixed([.. inner]);
            case FieldType.String:
                return Prefixed(isGood || random.Chance(80) ? Encoding.UTF8.GetBytes(Text(field, sender)) : random.Chance(60)
                    ? Encoding.UTF8.GetBytes(random.Text())
                    : [0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80]);
            case FieldType.Float:
                var four = new byte[4];
                BinaryPrimitives.WriteSingleLittleEndian(
                    four, isGood ? random.Next(101) : random.Of(0f, -0f, 100f, 100.001f, -1f, float.NaN, float.PositiveInfinity, float.MaxValue, float.Epsilon));
                return (5, four);
            case FieldType.Double:
                var eight = new byte[8];
                BinaryPrimitives.WriteDoubleLittleEndian(eight, random.Of(0d, 1.5, double.NaN, double.NegativeInfinity, double.MaxValue));
                return (1, eight);
            default:
                return (0, Varint(isGood ? Number(field) : random.Of<ulong>(0, 1, 2, 3, 127, int.MaxValue, uint.MaxValue, long.MaxValue, ulong.MaxValue, 1UL << 63)));
        }
    }

    private ulong Number(FieldDescriptor field) => field.Name switch
    {
        // Long enough that nothing times out while the run lasts; valid as a time, too.
        "seconds" => (ulong)random.Of(3_600, 7_200),
        "nanos" => 0,
        "count" => (ulong)random.Next(1, 1_001),
        _ => (ulong)random.Next(3),
    };

    private string Text(FieldDescriptor field, Sender sender) => (field.Name, field.ContainingType.Name) switch
    {
        ("group_id" or "group", _) or ("id", "GroupConfiguration") => random.Group(sender),
        ("session_id", _) or ("id", _) => random.Session(),
        ("tenant_id", _) => random.Tenant(sender),
        ("namespace_id", _) => random.Of("", "default", "other", Choice.OtherNamespace, Choice.OtherNamespace),
        ("object_id", _) => random.Of("AVEVAFailoverUsers", "AVEVAFailoverAdministrators", "name"),
        _ => random.Of("name", "", "text"),
    };

    private static (int Wire, byte[] Value) Prefixed(byte[] value) => (2, [.. Varint((ulong)value.Length), .. value]);
}
