using System.Text.Json;

namespace ClientFailover.Engine;

/// <summary>What a group is: fixed when it is created.</summary>
/// <param name="Id">Its id, as first written.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Description">A description for people.</param>
/// <param name="FailoverTimeout">Silence after which a session counts as lost. Greater than zero.</param>
/// <param name="AdditionalData">A JSON object that its owner keeps with it, as text.</param>
public sealed record GroupConfiguration(string Id, string? Name, string? Description, TimeSpan FailoverTimeout, string? AdditionalData)
{
    /// <summary>
    /// Whether somebody who asks for <paramref name="requested"/> means this group. Members that are absent there
    /// are not compared; AdditionalData is compared by deep equality of the JSON.
    /// </summary>
    /// <param name="requested">What is asked for; a FailoverTimeout of null is absent.</param>
    /// <returns>True when every member that is present is the same.</returns>
    public bool Matches(RequestedGroup requested)
    {
        ArgumentNullException.ThrowIfNull(requested);
        return (requested.Name is null || requested.Name == (Name ?? ""))
            && (requested.Description is null || requested.Description == (Description ?? ""))
            && (requested.FailoverTimeout is null || requested.FailoverTimeout == FailoverTimeout)
            && (requested.AdditionalData is null || SameJson(requested.AdditionalData, AdditionalData ?? "{}"));
    }

    private static bool SameJson(string left, string right)
    {
        using var a = JsonDocument.Parse(left);
        using var b = JsonDocument.Parse(right);
        return JsonElement.DeepEquals(a.RootElement, b.RootElement);
    }
}

/// <summary>What somebody asks of a group: null members are absent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Description">A description for people.</param>
/// <param name="FailoverTimeout">Silence after which a session counts as lost.</param>
/// <param name="AdditionalData">A JSON object, as text.</param>
public sealed record RequestedGroup(string Id, string? Name, string? Description, TimeSpan? FailoverTimeout, string? AdditionalData);
