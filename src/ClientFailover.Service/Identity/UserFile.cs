using System.Text.Json;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Identity;

/// <summary>Responsible for the form of <c>users.json</c>: <c>[{"Name","PasswordHash","Role"}]</c>.</summary>
internal static class UserFile
{
    /// <summary>Its name in the data directory.</summary>
    public const string Name = "users.json";

    /// <summary>Name of the file that whoever changes the accounts locks: from reading them to having written them.</summary>
    public const string LockName = "users.lock";

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, PropertyNameCaseInsensitive = true };

    /// <summary>Reads the accounts.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>The accounts by name.</returns>
    /// <exception cref="InvalidDataException">The file does not have this form; the message says where.</exception>
    public static Dictionary<string, UserAccount> Read(string path)
    {
        List<Entry?> entries;
        try
        {
            entries = JsonSerializer.Deserialize<List<Entry?>>(ReadAllBytes(path), Format) ?? throw new JsonException();
        }
        catch (JsonException e)
        {
            // Not the exception's own words: they name the types of this program.
            throw new InvalidDataException(
                $"{path} is not valid: it is not a JSON array of accounts [{{\"Name\",\"PasswordHash\",\"Role\"}}], "
                + $"line {(e.LineNumber ?? 0) + 1}, byte {(e.BytePositionInLine ?? 0) + 1}.",
                e);
        }

        var accounts = new Dictionary<string, UserAccount>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, entry) in entries.Index())
        {
            if (Problem(entry) is { } problem)
            {
                throw new InvalidDataException($"{path} is not valid: {problem} (account number {index + 1}).");
            }

            if (!accounts.TryAdd(entry!.Name!, new UserAccount(entry.Name!, entry.PasswordHash!, entry.Role!)))
            {
                throw new InvalidDataException($"{path} is not valid: account '{entry.Name}' is in it twice.");
            }
        }

        return accounts;
    }

    /// <summary>Replaces the file; after a crash it is the old or the new one, whole.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="accounts">The accounts.</param>
    public static void Write(string path, IEnumerable<UserAccount> accounts) =>
        DurableFile.Write(path, JsonSerializer.Serialize(accounts.Select(a => new Entry(a.Name, a.PasswordHash, a.Role)), Format) + "\n");

    // Lets others replace the file meanwhile, which Windows would refuse them.
    private static byte[] ReadAllBytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static string? Problem(Entry? entry)
    {
        if (!AccountName.IsValid(entry?.Name))
        {
            return AccountName.Allowed;
        }

        if (!Roles.All.Contains(entry!.Role))
        {
            return $"Role must be {string.Join(" or ", Roles.All)}";
        }

        var hash = new byte[entry.PasswordHash?.Length ?? 0];
        return hash.Length > 0 && Convert.TryFromBase64String(entry.PasswordHash!, hash, out _) ? null : "PasswordHash must be what the password hasher made";
    }

    private sealed record Entry(string? Name, string? PasswordHash, string? Role);
}
