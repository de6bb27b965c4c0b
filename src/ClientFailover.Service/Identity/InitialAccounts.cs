using System.Security.Cryptography;
using System.Text.Json;
using ClientFailover.Service.Hosting;
using Microsoft.AspNetCore.Identity;

namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for the first administrator and the first adapter account: random ones, because a default password is a
/// password everybody knows.
/// </summary>
internal static class InitialAccounts
{
    /// <summary>Name of the file in the data directory that tells their passwords.</summary>
    public const string FileName = "initial-accounts.json";

    // Nothing that is mistaken for something else when it is read out or typed.
    private const string NameAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
    private const string PasswordAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ" + NameAlphabet;
    private const int NameLength = 6;

    // 24 of 56 characters are 139 bits.
    private const int PasswordLength = 24;

    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>Makes the accounts.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="hasher">Hashes their passwords.</param>
    public static void Create(DataDirectory data, IPasswordHasher<UserAccount> hasher)
    {
        InitialAccount[] accounts = [Random("admin", Roles.Administrators), Random("adapter", Roles.Users)];

        // The passwords first: if the power fails in between, both files are made anew at the next start.
        DurableFile.Write(data.File(FileName), JsonSerializer.Serialize(accounts, Format) + "\n");
        UserFile.Write(
            data.File(UserFile.Name),
            accounts.Select(a => new UserAccount(a.Name, hasher.HashPassword(null!, a.Password), a.Role)));
    }

    private static InitialAccount Random(string kind, string role) => new(
        $"{kind}-{RandomNumberGenerator.GetString(NameAlphabet, NameLength)}",
        RandomNumberGenerator.GetString(PasswordAlphabet, PasswordLength),
        role);

    private sealed record InitialAccount(string Name, string Password, string Role);
}
