;;; plimsoll.el --- Lint Dockerfiles and Compose files as Docker would run them -*- lexical-binding: t; -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "26.3"))
;; Keywords: languages, tools
;; URL: https://github.com/plimsoll-lint/plimsoll

;; SPDX-License-Identifier: MIT OR Apache-2.0

;;; Commentary:

;; Starts `plimsoll lsp' for Dockerfiles and Compose files, with Eglot (built in since Emacs 29) or with lsp-mode.
;;
;;   (require 'plimsoll)
;;   (add-hook 'dockerfile-mode-hook #'eglot-ensure)
;;   (add-hook 'plimsoll-compose-mode-hook #'eglot-ensure)
;;
;; Eglot starts one server for each mode.  Compose files get a mode of their own here, derived from the YAML mode there
;; is, so that other YAML files keep the server they have.

;;; Code:

(defgroup plimsoll nil
  "Lint Dockerfiles and Compose files."
  :group 'tools
  :prefix "plimsoll-")

(defcustom plimsoll-command '("plimsoll" "lsp")
  "The program, and what it is told."
  :type '(repeat string))

(defcustom plimsoll-settings nil
  "What the server is told at the start, as a property list: (:profile \"strict\")."
  :type '(plist :key-type symbol))

(defconst plimsoll--parent
  (cond ((fboundp 'yaml-mode) 'yaml-mode)
        ((and (fboundp 'yaml-ts-mode) (fboundp 'treesit-ready-p) (treesit-ready-p 'yaml t)) 'yaml-ts-mode)
        (t 'prog-mode))
  "The mode that Compose files have elsewhere.")

(eval
 `(define-derived-mode plimsoll-compose-mode ,plimsoll--parent "Compose"
    "Major mode for Compose files."))

;;;###autoload
(add-to-list 'auto-mode-alist
             '("/\\(?:docker-\\)?compose\\(?:[._-][^/]*\\)?\\.ya?ml\\'" . plimsoll-compose-mode))

(defun plimsoll--contact (&rest _)
  "How Eglot reaches the server."
  (append plimsoll-command
          (when plimsoll-settings (list :initializationOptions plimsoll-settings))))

(defvar eglot-server-programs)
(declare-function eglot-code-actions "eglot")

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(dockerfile-mode . plimsoll--contact))
  (add-to-list 'eglot-server-programs '(dockerfile-ts-mode . plimsoll--contact))
  (add-to-list 'eglot-server-programs '(plimsoll-compose-mode . plimsoll--contact)))

;; The languages, as the protocol calls them.
(put 'dockerfile-mode 'eglot-language-id "dockerfile")
(put 'dockerfile-ts-mode 'eglot-language-id "dockerfile")
(put 'plimsoll-compose-mode 'eglot-language-id "dockercompose")

(defun plimsoll-fix-all ()
  "Fix what is safe to fix in this buffer."
  (interactive)
  (eglot-code-actions (point-min) (point-max) 'source.fixAll.plimsoll t))

(declare-function lsp-register-client "lsp-mode")
(declare-function make-lsp-client "lsp-mode")
(declare-function lsp-stdio-connection "lsp-mode")
(declare-function lsp-activate-on "lsp-mode")
(defvar lsp-language-id-configuration)

(with-eval-after-load 'lsp-mode
  (add-to-list 'lsp-language-id-configuration '(plimsoll-compose-mode . "dockercompose"))
  (lsp-register-client
   (make-lsp-client :new-connection (lsp-stdio-connection (lambda () plimsoll-command))
                    :activation-fn (lsp-activate-on "dockerfile" "dockercompose")
                    :initialization-options (lambda () plimsoll-settings)
                    ;; Beside other servers, not in their place.
                    :add-on? t
                    :priority -1
                    :server-id 'plimsoll)))

(provide 'plimsoll)
;;; plimsoll.el ends here
