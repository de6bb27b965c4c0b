namespace ClientFailover.Service.Identity;

/// <summary>An account of the built-in user store, as it was read. A change makes a new object and revokes this one.</summary>
/// <param name="name">Its name; compared without regard to case.</param>
/// <param name="passwordHash">What the password hasher made of its password.</param>
/// <param name="role">One of <see cref="Roles"/>.</param>
internal sealed class UserAccount(string name, string passwordHash, string role)
{
    private volatile bool _isRevoked;

    /// <summary>Its name; compared without regard to case.</summary>
    public string Name { get; } = name;

    /// <summary>What the password hasher made of its password.</summary>
    public string PasswordHash { get; } = passwordHash;

    /// <summary>One of <see cref="Roles"/>.</summary>
    public string Role { get; } = role;

    /// <summary>Whether the account was changed or removed since it was read: what was verified with it no longer counts.</summary>
    public bool IsRevoked => _isRevoked;

    /// <summary>Sets <see cref="IsRevoked"/>.</summary>
    public void Revoke() => _isRevoked = true;

    /// <summary>Whether another account says the same.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True: nothing changed.</returns>
    public bool IsSameAs(UserAccount other) => Name == other.Name && PasswordHash == other.PasswordHash && Role == other.Role;
}
