using ClientFailover.Service.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Tests.Identity;

/// <summary>The framework's hasher, quick; counts its verifications, and can be held up.</summary>
internal sealed class TestHasher : IPasswordHasher<UserAccount>
{
    private readonly IPasswordHasher<UserAccount> _hasher = Create();
    private int _verified;

    public int Verified => Volatile.Read(ref _verified);

    /// <summary>Verifications wait here; open unless a test closes it.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    /// <summary>A verification has begun.</summary>
    public SemaphoreSlim Begun { get; } = new(0);

    public static IPasswordHasher<UserAccount> Create() =>
        new PasswordHasher<UserAccount>(Options.Create(new PasswordHasherOptions { IterationCount = 1 }));

    public string HashPassword(UserAccount user, string password) => _hasher.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(UserAccount user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref _verified);
        Begun.Release();
        Gate.Wait();
        return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
