CREATE TABLE IF NOT EXISTS `appointment_cl` (
    `appointment_id` CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    `insured_id` VARCHAR(32) NOT NULL,
    `schedule_id` VARCHAR(64) NULL,
    `center_id` VARCHAR(64) NULL,
    `specialty_id` VARCHAR(64) NULL,
    `medic_id` VARCHAR(64) NULL,
    `date_schedule` DATETIME NOT NULL,
    `country_iso` CHAR(2) NOT NULL,
    `status` VARCHAR(16) NOT NULL,
    `created_at` DATETIME(3) NOT NULL,
    `updated_at` DATETIME(3) NOT NULL,
    PRIMARY KEY (`appointment_id`)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
