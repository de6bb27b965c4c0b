using System.Text.Json;
using ClientFailover.Installation.Tests.Running;

namespace ClientFailover.Installation.Tests.Containers;

/// <summary>Responsible for an image in an archive as <c>docker save</c> makes it: what is in it, and its files.</summary>
/// <param name="config">Its configuration.</param>
/// <param name="tags">The names that it is loaded under.</param>
/// <param name="rootFolder">Its files.</param>
internal sealed class ContainerImage(JsonElement config, IReadOnlyList<string> tags, string rootFolder)
{
    /// <summary>The names that it is loaded under.</summary>
    public IReadOnlyList<string> Tags => tags;

    /// <summary>The folder of its files.</summary>
    public string RootFolder => rootFolder;

    /// <summary>The user that it runs as.</summary>
    public string User => Config.GetProperty(nameof(User)).GetString()!;

    /// <summary>What it runs.</summary>
    public IReadOnlyList<string> Command => [.. Strings("Entrypoint"), .. Strings("Cmd")];

    /// <summary>Its environment, <c>NAME=value</c>.</summary>
    public IReadOnlyList<string> Environment => Strings("Env");

    /// <summary>Its working directory.</summary>
    public string WorkingDirectory => Config.GetProperty("WorkingDir").GetString()!;

    /// <summary>The ports that it offers, such as <c>5590/tcp</c>.</summary>
    public IReadOnlyList<string> Ports => [.. Config.GetProperty("ExposedPorts").EnumerateObject().Select(p => p.Name)];

    private JsonElement Config => config.GetProperty("config");

    /// <summary>Reads an archive.</summary>
    /// <param name="archive">Its path.</param>
    /// <param name="folder">Where its files go.</param>
    public static async Task<ContainerImage> UnpackAsync(string archive, string folder)
    {
        var parts = Directory.CreateDirectory(Path.Combine(folder, "archive")).FullName;
        var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
        await Shell.RunAsync("tar", "-xf", archive, "-C", parts);
        var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(parts, "manifest.json"))).RootElement[0];
        foreach (var layer in manifest.GetProperty("Layers").EnumerateArray())
        {
            await Shell.RunAsync("tar", "--numeric-owner", "-xpf", Path.Combine(parts, layer.GetString()!), "-C", root);
        }

        var config = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(parts, manifest.GetProperty(nameof(Config)).GetString()!))).RootElement;
        return new ContainerImage(config, [.. manifest.GetProperty("RepoTags").EnumerateArray().Select(t => t.GetString()!)], root);
    }

    private IReadOnlyList<string> Strings(string name) =>
        Config.TryGetProperty(name, out var values) && values.ValueKind == JsonValueKind.Array ? [.. values.EnumerateArray().Select(v => v.GetString()!)] : [];
}
