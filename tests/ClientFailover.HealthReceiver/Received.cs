namespace ClientFailover.HealthReceiver;

/// <summary>A value of a container.</summary>
/// <param name="Container">Id of the container.</param>
/// <param name="Index">Its index, as it was written.</param>
/// <param name="Json">All of it.</param>
public sealed record StoredValue(string Container, string Index, System.Text.Json.JsonElement Json);

/// <summary>A link.</summary>
/// <param name="Source">Type and index of an element, with a slash between.</param>
/// <param name="Target">Likewise, or the id of a container.</param>
public sealed record StoredLink(string Source, string Target);
