namespace ClientFailover.Service.Identity;

/// <summary>Names of the authorization policies that endpoints require. An endpoint that names none requires <see cref="Users"/>.</summary>
internal static class Policies
{
    /// <summary>Users and administrators.</summary>
    public const string Users = "Users";

    /// <summary>Users and administrators that belong to no tenant.</summary>
    public const string ServiceUsers = "ServiceUsers";

    /// <summary>Administrators that belong to no tenant.</summary>
    public const string ServiceAdministrators = "ServiceAdministrators";

    /// <summary>Administrators only.</summary>
    public const string Administrators = "Administrators";
}
