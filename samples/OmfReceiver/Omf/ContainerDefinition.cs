using System.Text.Json;

namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>A container: a stream of values of one type.</summary>
internal sealed record ContainerDefinition(string Id, string TypeId)
{
    public static IReadOnlyList<ContainerDefinition> ParseAll(JsonElement body) =>
        [.. body.EnumerateArray().Select(container => new ContainerDefinition(container.Text("id"), container.Text("typeid")))];
}

/// <summary>A container that is stored.</summary>
/// <param name="Key">Its key in the database.</param>
/// <param name="Id">Its id.</param>
/// <param name="Type">The type of its values.</param>
internal sealed record Container(long Key, string Id, TypeDefinition Type);
