using System.Text;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>What generators choose from.</summary>
internal static class Choice
{
    /// <summary>A group that only the administrator may change; the fuzz run never does.</summary>
    public const string Canary = "canary";

    /// <summary>A group of adapters that behave, with heartbeats throughout.</summary>
    public const string Honest = "honest";

    /// <summary>A tenant that nobody but the administrator has an account of, and its namespace.</summary>
    public const string OtherTenant = "beta", OtherNamespace = "plant";

    /// <summary>What is written into what nobody but the administrator may see.</summary>
    public const string Planted = "planted-and-not-to-be-seen";

    private const int Groups = 40;
    private const int Sessions = 6;

    private static readonly string[] Alphabet =
        ["a", "Z", "0", " ", ".", "..", "/", "\\", "?", "#", "%", "%00", "%2f", "%2F", "%5c", "%25", "%2e%2e", "%", "%zz", "%c3%28", "%ed%a0%80", "%F0%9F%98%80",
         ":", ";", "=", "&", "+", "~", "'", "\"", "<", "{", "}", "|", "^", "`", "*", "@", "!", "$", "\t", "\u0001", "\u007f", "\u00e9", "\u00ff"];

    private static readonly string[] Texts =
    [
        "", " ", "a", ".", "..", "null", "0", "-1", "Primary", "\u0000", "\n", "a/b", "a%b", "\u00e9", "\u0130", "\u1e9e", "\U0001F600", "\uFEFF", "\u202e",
        "\uFFFF", new('x', 255), new('x', 256), new('x', 257), new('y', 5_000), "00:01:00", "1.00:00:00", "-00:00:01", "99999999.00:00:00", "24:00:00",
        "0001-01-01T00:00:00", "9999-12-31T23:59:59.9999999Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+14:00", "NaN", "Infinity", "1e400", "' OR 1=1 --",
        "{}", "[]", "*****",
    ];

    /// <summary>Whether something happens.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="percent">How often.</param>
    public static bool Chance(this Random random, int percent) => random.Next(100) < percent;

    /// <summary>One of several.</summary>
    public static T Of<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    /// <summary>Who sends the next request. Seldom an administrator, who could end everything that others build up.</summary>
    public static (Sender Sender, string? Authorization) Sender(this Random random) => random.Next(100) switch
    {
        < 54 => (Fuzz.Sender.User, null),
        < 64 => (Fuzz.Sender.Tenant, null),
        < 70 => (Fuzz.Sender.Administrator, null),
        < 72 => (Fuzz.Sender.Wrong, "Basic " + Base64($"{random.Of("nobody", "admin", "x\\y")}:{random.Next(3)}")),
        < 86 => (Fuzz.Sender.Malformed, random.Of(
            "", "Basic", "Basic ", "Basic =", "Basic !!!!", "basic " + Base64("nocolon"), "Basic " + Base64(":"), "Bearer", "Bearer x.y.z", "Negotiate", "Negotiate YII=",
            "Digest username=\"a\"", "Basic " + new string('A', 3_000), "Basic \u00ff", "Basic " + Convert.ToBase64String([0xff, 0xfe, 0x3a, 0x00]), "\t", ",", "Basic a, Basic b")),
        _ => (Fuzz.Sender.Nobody, null),
    };

    /// <summary>A group: one of a few, so that requests meet. Whoever has no account tries what others must not touch.</summary>
    public static string Group(this Random random, Sender sender) =>
        (sender < Fuzz.Sender.User && random.Chance(60)) || (sender == Fuzz.Sender.Tenant && random.Chance(40)) ? random.Of(Canary, Honest, "CANARY") : $"Group{random.Next(Groups)}";

    /// <summary>What was planted and is in some bytes; null: nothing.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string? PlantedIn(ReadOnlySpan<byte> bytes) => bytes.IndexOf("planted-and-not-to-be-seen"u8) is >= 0 and var at
        ? Encoding.Latin1.GetString(bytes[Math.Max(0, at - 100)..Math.Min(bytes.Length, at + 100)])
        : null;

    /// <summary>A tenant that a call may name: those of others for everybody, the own one for the tenant's administrator alone.</summary>
    public static string Tenant(this Random random, Sender sender) => sender switch
    {
        Fuzz.Sender.Tenant when random.Chance(60) => Identity.TokenProvider.Tenant,
        Fuzz.Sender.Administrator => random.Of("", "default", "DEFAULT", "other"),
        _ => random.Of("", "default", "DEFAULT", "other", OtherTenant, Identity.TokenProvider.Tenant),
    };

    /// <summary>A session.</summary>
    public static string Session(this Random random) => random.Of("a", "b", $"s{random.Next(Sessions)}");

    /// <summary>A text that is likely to be troublesome; never a group that must not change.</summary>
    public static string Text(this Random random) => random.Of<string>(Texts);

    /// <summary>A part of an address that is likely to be troublesome; it has no line ends.</summary>
    public static string Segment(this Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            text.Append(random.Of<string>(Alphabet));
        }

        return random.Chance(3) ? new string('x', random.Of(256, 257, 8_100, 9_000)) : text.ToString();
    }

    /// <summary>Changes some bytes: flips, inserts, removes, repeats or truncates.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="bytes">What to change.</param>
    /// <returns>A changed copy.</returns>
    public static byte[] Mutate(this Random random, byte[] bytes)
    {
        var changed = new List<byte>(bytes);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(changed.Count + 1);
            var length = Math.Min(random.Next(1, 9), changed.Count - at);
            switch (random.Next(5))
            {
                case 0 when at < changed.Count:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    changed.RemoveRange(at, length);
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, length));
                    break;
                default:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
            }
        }

        return [.. changed];
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
