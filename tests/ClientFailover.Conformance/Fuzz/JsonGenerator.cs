using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for the bodies of REST requests: those of the contract, changed by value, by structure or by byte.</summary>
/// <param name="random">Decides.</param>
internal sealed class JsonGenerator(Random random)
{
    /// <summary>A group.</summary>
    public byte[] Group(Sender sender) => Body(
        ("Id", Text(random.Group(sender))),
        ("Name", Text("name")),
        ("Description", Text("description")),
        ("FailoverTimeout", Text(random.Of("01:00:00", "02:00:00"))),
        ("AdditionalData", """{"a":[1,{"b":null}]}"""));

    /// <summary>A session.</summary>
    public byte[] Session() => Body(("Id", Text(random.Session())), ("Name", Text("name")), ("AdditionalData", """{"a":1}"""));

    /// <summary>A heartbeat.</summary>
    public byte[] Heartbeat() => Body(
        ("FailoverScore", random.Next(101).ToString(CultureInfo.InvariantCulture)),
        ("LastDataProcessedTime", Text("2026-01-01T00:00:00Z")),
        ("HeartbeatTime", Text("2026-01-01T00:00:00Z")));

    /// <summary>An order about a role.</summary>
    public byte[] Override() => Body(("Value", random.Of("0", "1", "2", "\"Primary\"", "\"off\"")), ("ExpirationPeriod", Text("08:00:00")));

    /// <summary>An access control list.</summary>
    public byte[] AccessList()
    {
        var entries = Enumerable.Range(0, random.Of(0, 1, 2, 2, 3)).Select(_ =>
            $$$"""{"Trustee":{"Type":{{{random.Of("3", "3", "1", "\"Role\"", "7")}}},"ObjectId":"{{{random.Of("AVEVAFailoverUsers", "AVEVAFailoverAdministrators", "name")}}}"},"""
            + $$"""
              "AccessType":{{random.Of("0", "1", "\"Denied\"")}},"AccessRights":{{random.Of(0, 1, 2, 3, 16, 31, 64)}}}
              """);
        return Body(("RoleTrusteeAccessControlEntries", $"[{string.Join(',', entries)}]"));
    }

    private static string Text(string text) => JsonSerializer.Serialize(text);

    private byte[] Body(params (string Name, string Value)[] members)
    {
        // Half of the bodies are as they should be: what comes after them is to be reached.
        var isGood = random.Chance(50);
        var written = new List<string>();
        foreach (var (name, value) in members)
        {
            if (name != members[0].Name && random.Chance(40))
            {
                continue;
            }

            written.Add($"{Text(Name(name, isGood))}:{(isGood || random.Chance(70) ? value : Token())}");
            if (!isGood && random.Chance(5))
            {
                written.Add(written[^1]);
            }
        }

        var body = "{" + string.Join(',', written) + "}";
        return isGood ? Encoding.UTF8.GetBytes(body) : Spoil(body);
    }

    private string Name(string name, bool isGood) => random.Next(isGood ? 8 : 12) switch
    {
        0 => name.ToUpperInvariant(),
        1 => char.ToLowerInvariant(name[0]) + name[1..],
        9 => random.Text(),
        10 => name + "x",
        _ => name,
    };

    private byte[] Spoil(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(random.Next(20) switch
        {
            0 => $"[{body}]",
            1 => body + body,
            2 => "\uFEFF" + body,
            3 => body[..random.Next(body.Length)],
            4 => string.Empty,
            5 => Token(),
            6 => body.Insert(1, $"\"Unknown\":{Nested(random.Of(10, 63, 64, 500, 20_000))},"),
            7 => body.Insert(1, $"\"Unknown\":\"{new string('x', random.Of(1_000, 17_000, 60_000))}\","),
            8 => body.Replace("\":", "\" \r\n\t:", StringComparison.Ordinal),
            _ => body,
        });
        return random.Chance(40) ? random.Mutate(bytes) : bytes;
    }

    private string Nested(int depth) => random.Chance(50)
        ? new string('[', depth) + new string(']', depth)
        : string.Concat(Enumerable.Repeat("{\"a\":", Math.Min(depth, 5_000))) + "1" + new string('}', Math.Min(depth, 5_000));

    private string Token() => random.Next(12) switch
    {
        0 => "null",
        1 => random.Of("true", "false", "True", "undefined", "NaN", "Infinity"),
        2 => random.Of("0", "-0", "-1", "1.5", "1e3", "1e400", "-1e400", "01", ".5", "2147483648", "9223372036854775808", "100.00000001", "1e-400"),
        3 => new string('9', random.Of(20, 400, 5_000)),
        4 => Nested(random.Next(1, 80)),
        5 => "\"\\ud800\"",
        6 => "\"\\u0000\"",
        7 => "\"\\x\"",
        8 => """{"a":1,"a":2}""",
        9 => """{"":1}""",
        _ => Text(random.Text()),
    };
}
