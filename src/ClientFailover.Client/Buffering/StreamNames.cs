using System.Text;

namespace ClientFailover.Client.Buffering;

/// <summary>Responsible for there being one string for each stream's id, however often it is read. Not safe for threads.</summary>
internal sealed class StreamNames
{
    /// <summary>Beyond it everything is forgotten: names that never come again must not fill the memory.</summary>
    private const int Most = 100_000;

    private const int LongestOnStack = 512;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>Creates it.</summary>
    public StreamNames() => _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The string of an id.</summary>
    /// <param name="utf8">The id in UTF-8.</param>
    /// <returns>The string.</returns>
    public string Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestOnStack)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        Span<char> text = stackalloc char[LongestOnStack];
        text = text[..Encoding.UTF8.GetChars(utf8, text)];
        if (_lookup.TryGetValue(text, out var name))
        {
            return name;
        }

        if (_names.Count >= Most)
        {
            _names.Clear();
        }

        name = text.ToString();
        _names.Add(name, name);
        return name;
    }
}
