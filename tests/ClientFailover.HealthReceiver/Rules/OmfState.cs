using System.Text.Json;

namespace ClientFailover.HealthReceiver.Rules;

/// <summary>What an endpoint knows. Ids are told apart by case, which is the stricter reading.</summary>
internal sealed class OmfState
{
    public Dictionary<string, OmfType> Types { get; private init; } = [];

    public Dictionary<string, OmfContainer> Containers { get; private init; } = [];

    public Dictionary<string, JsonElement> Elements { get; private init; } = [];

    public HashSet<StoredLink> Links { get; private init; } = [];

    public List<StoredValue> Values { get; private init; } = [];

    /// <summary>Where the value of a container and an index is in <see cref="Values"/>.</summary>
    public Dictionary<(string Container, string Index), int> Indexes { get; private init; } = [];

    public int Repeated { get; set; }

    public OmfState Copy() => new()
    {
        Types = new(Types),
        Containers = new(Containers),
        Elements = new(Elements),
        Links = [.. Links],
        Values = [.. Values],
        Indexes = new(Indexes),
        Repeated = Repeated,
    };
}

/// <summary>A type.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Classification">static, dynamic, or none: an enumeration.</param>
/// <param name="Json">All of it.</param>
/// <param name="Properties">Its properties.</param>
/// <param name="Index">That of them which is the index; null: an enumeration has none.</param>
/// <param name="Enumeration">Its values; null: it is no enumeration.</param>
internal sealed record OmfType(
    string Id,
    string? Classification,
    JsonElement Json,
    IReadOnlyDictionary<string, OmfProperty> Properties,
    string? Index,
    IReadOnlySet<long>? Enumeration);

/// <summary>A property of a type.</summary>
/// <param name="Type">string, number, integer or boolean; an enumeration's are integers.</param>
/// <param name="Format">Its format, the default one if none was said.</param>
/// <param name="Allowed">The values of its enumeration; null: any.</param>
internal sealed record OmfProperty(string Type, string Format, IReadOnlySet<long>? Allowed);

/// <summary>A container.</summary>
/// <param name="Type">The type of its values.</param>
/// <param name="Json">All of it.</param>
internal sealed record OmfContainer(OmfType Type, JsonElement Json);
