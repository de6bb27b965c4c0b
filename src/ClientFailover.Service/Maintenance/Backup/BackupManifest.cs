using System.Text.Json;

namespace ClientFailover.Service.Maintenance.Backup;

/// <summary>What a backup tells of itself: the entry <see cref="Name"/> of its archive.</summary>
/// <param name="Product">Always <see cref="ProductName"/>.</param>
/// <param name="Format">Version of the form of the archive.</param>
/// <param name="ServiceVersion">Version of the program that made it.</param>
/// <param name="SchemaVersion">Version of the schema of the database in it.</param>
/// <param name="Created">When, UTC.</param>
/// <param name="Machine">Name of the machine.</param>
/// <param name="HasSecrets">Whether the keys of secrets and certificates are in it.</param>
/// <param name="Entries">Every other entry.</param>
internal sealed record BackupManifest(
    string Product,
    int Format,
    string ServiceVersion,
    long SchemaVersion,
    DateTime Created,
    string Machine,
    bool HasSecrets,
    IReadOnlyList<BackupEntry> Entries)
{
    /// <summary>Name of the entry.</summary>
    public const string Name = "manifest.json";

    /// <summary>Tells a backup of this service from any other archive.</summary>
    public const string ProductName = "Client Failover";

    /// <summary>The form that this program writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    /// <summary>Writes it.</summary>
    /// <returns>JSON.</returns>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Reads it, whatever else may be in it: a newer version is told from a damaged one.</summary>
    /// <param name="json">JSON.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="JsonException">It is none.</exception>
    public static BackupManifest Read(byte[] json)
    {
        var manifest = JsonSerializer.Deserialize<BackupManifest>(json, Options);
        return manifest is { Product: ProductName, ServiceVersion: not null, Machine: not null, Entries: not null }
            && manifest.Entries.All(e => e is { Name: not null, Sha256: not null })
            ? manifest
            : throw new JsonException("It is no manifest of a backup.");
    }
}

/// <summary>An entry of a backup.</summary>
/// <param name="Name">Its name, as in the archive.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Sha256">Its SHA-256, hexadecimal.</param>
internal sealed record BackupEntry(string Name, long Length, string Sha256);
